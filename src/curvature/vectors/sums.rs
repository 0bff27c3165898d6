//! Inner products and linear combinations of many long vectors, in chunks that fit the cache. Several
//! vectors are read together, so that each element is loaded few times.

use super::elementary::dots;
use crate::net::{Halt, check_interrupted, widest};

/// Number of coordinates per chunk: the chunks of ten vectors fit the first-level cache.
pub(in crate::curvature) const CHUNK: usize = 512;

/// Number of vectors that one pass reads.
const TOGETHER: usize = 4;

/// Whether to interrupt a computation.
type Ask<'a> = &'a dyn Fn() -> bool;

/// Inner products aᵢᵀbⱼ, one row for each bⱼ.
///
/// # Errors
/// Only if interrupted, like all functions here.
pub(in crate::curvature) fn overlaps(
    a: &[impl AsRef<[f64]>],
    b: &[impl AsRef<[f64]>],
    ask: Ask<'_>,
) -> Result<Vec<Vec<f64>>, Halt> {
    let mut rows = vec![vec![0.0; a.len()]; b.len()];
    for chunk in chunks(a) {
        check_interrupted(ask)?;
        let a: Vec<&[f64]> = a.iter().map(|x| &x.as_ref()[chunk.clone()]).collect();
        for (row, y) in rows.iter_mut().zip(b) {
            let y = &y.as_ref()[chunk.clone()];
            for (row, a) in row.chunks_mut(TOGETHER).zip(a.chunks(TOGETHER)) {
                widest(
                    #[inline(always)]
                    || match (&mut *row, a) {
                        ([r0, r1, r2, r3], [a0, a1, a2, a3]) => {
                            let sums = dots([a0, a1, a2, a3], y);
                            for (row, sum) in [r0, r1, r2, r3].into_iter().zip(sums) {
                                *row += sum;
                            }
                        }
                        (row, a) => {
                            for (row, a) in row.iter_mut().zip(a) {
                                let [sum] = dots([a], y);
                                *row += sum;
                            }
                        }
                    },
                );
            }
        }
    }
    Ok(rows)
}

/// Adds Σᵢ cⱼᵢ·aᵢ to each bⱼ.
pub(in crate::curvature) fn add_sums(
    b: &mut [Vec<f64>],
    rows: &[Vec<f64>],
    a: &[impl AsRef<[f64]>],
    ask: Ask<'_>,
) -> Result<(), Halt> {
    for chunk in chunks(a) {
        check_interrupted(ask)?;
        let a: Vec<&[f64]> = a.iter().map(|x| &x.as_ref()[chunk.clone()]).collect();
        for (y, row) in b.iter_mut().zip(rows) {
            let y = &mut y[chunk.clone()];
            for (c, a) in row.chunks(TOGETHER).zip(a.chunks(TOGETHER)) {
                widest(
                    #[inline(always)]
                    || match (c, a) {
                        ([c0, c1, c2, c3], [a0, a1, a2, a3]) => {
                            let x = a0.iter().zip(*a1).zip(a2.iter().zip(*a3));
                            for (y, ((x0, x1), (x2, x3))) in y.iter_mut().zip(x) {
                                *y = *y + c0 * x0 + c1 * x1 + c2 * x2 + c3 * x3;
                            }
                        }
                        (c, a) => {
                            for (c, a) in c.iter().zip(a) {
                                y.iter_mut().zip(*a).for_each(|(y, x)| *y += c * x);
                            }
                        }
                    },
                );
            }
        }
    }
    Ok(())
}

/// Subtracts from each bⱼ its projection onto the span of an orthonormal basis.
pub(in crate::curvature) fn project_out(
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
    use super::super::elementary::dot;
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
