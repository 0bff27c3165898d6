//! Inner products and linear combinations of many long vectors, in chunks that fit the cache.

use super::vectors::{add_scaled, dot};
use crate::net::{Halt, check_interrupted};

/// Number of coordinates per chunk: two vectors' chunks fit the first-level cache.
pub(super) const CHUNK: usize = 2048;

/// Whether to interrupt a computation.
type Ask<'a> = &'a dyn Fn() -> bool;

/// Inner products aᵢᵀbⱼ, one row for each bⱼ.
///
/// # Errors
/// Only if interrupted, like all functions here.
pub(super) fn overlaps(
    a: &[impl AsRef<[f64]>],
    b: &[impl AsRef<[f64]>],
    ask: Ask<'_>,
) -> Result<Vec<Vec<f64>>, Halt> {
    let mut rows = vec![vec![0.0; a.len()]; b.len()];
    for chunk in chunks(a) {
        check_interrupted(ask)?;
        for (i, x) in a.iter().enumerate() {
            for (row, y) in rows.iter_mut().zip(b) {
                row[i] += dot(&x.as_ref()[chunk.clone()], &y.as_ref()[chunk.clone()]);
            }
        }
    }
    Ok(rows)
}

/// Adds Σᵢ cⱼᵢ·aᵢ to each bⱼ.
pub(super) fn add_sums(
    b: &mut [Vec<f64>],
    rows: &[Vec<f64>],
    a: &[impl AsRef<[f64]>],
    ask: Ask<'_>,
) -> Result<(), Halt> {
    for chunk in chunks(a) {
        check_interrupted(ask)?;
        for (i, x) in a.iter().enumerate() {
            for (y, row) in b.iter_mut().zip(rows) {
                add_scaled(&mut y[chunk.clone()], row[i], &x.as_ref()[chunk.clone()]);
            }
        }
    }
    Ok(())
}

/// Subtracts from each bⱼ its projection onto the span of an orthonormal basis.
pub(super) fn project_out(
    b: &mut [Vec<f64>],
    basis: &[Vec<f64>],
    ask: Ask<'_>,
) -> Result<(), Halt> {
    let mut rows = overlaps(basis, b, ask)?;
    rows.iter_mut().flatten().for_each(|c| *c = -*c);
    add_sums(b, &rows, basis, ask)
}

fn chunks(a: &[impl AsRef<[f64]>]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let n = a.first().map_or(0, |x| x.as_ref().len());
    (0..n).step_by(CHUNK).map(move |start| start..(start + CHUNK).min(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_by_chunks_are_those_of_whole_vectors() {
        let vector =
            |salt: f64| (0..5000).map(|i| (f64::from(i) * salt).sin()).collect::<Vec<f64>>();
        let (a, mut b) =
            (vec![vector(0.3), vector(0.7)], vec![vector(1.1), vector(1.9), vector(2.3)]);
        let rows = overlaps(&a, &b, &|| false).unwrap();
        for (row, y) in rows.iter().zip(&b) {
            assert!(row.iter().zip(&a).all(|(c, x)| (c - dot(x, y)).abs() < 1e-9));
        }
        let before = b[2][4999];
        add_sums(&mut b, &rows, &a, &|| false).unwrap();
        let wanted = before + rows[2][0] * a[0][4999] + rows[2][1] * a[1][4999];
        assert!((b[2][4999] - wanted).abs() < 1e-9);
    }
}
