//! Orthonormalises blocks of long vectors by Cholesky QR, which passes over the vectors far less often
//! than Gram-Schmidt; blocks that are nearly linearly dependent are left to Gram-Schmidt.

use nalgebra::DMatrix;

use super::elementary::{DEPENDENT, norm, normalised, orthonormalise};
use super::sums::{add_sums, overlaps, project_out};
use crate::net::{Halt, check_interrupted};

/// Smallest squared norm of a unit vector's component orthogonal to those before it for Cholesky QR,
/// which is accurate to rounding if it is applied twice (Yamamoto et al., ETNA 44, 2015).
const WELL_CONDITIONED: f64 = 1e-8;

/// Makes each vector a unit vector orthogonal to those before it; `None` replaces those that are
/// linearly dependent.
///
/// # Errors
/// Only if interrupted.
pub(in crate::curvature) fn orthonormal(
    block: Vec<Vec<f64>>,
    ask: &dyn Fn() -> bool,
) -> Result<Vec<Option<Vec<f64>>>, Halt> {
    let units: Vec<Option<Vec<f64>>> = block.into_iter().map(normalised).collect();
    if units.iter().all(Option::is_some) {
        let units: Vec<Vec<f64>> = units.into_iter().flatten().collect();
        return Ok(match by_cholesky(&units, ask)? {
            Some(rows) => rows.into_iter().map(Some).collect(),
            None => by_gram_schmidt(units.into_iter().map(Some), ask)?,
        });
    }
    by_gram_schmidt(units.into_iter(), ask)
}

/// Makes a block orthonormal and orthogonal to an orthonormal basis, without its linearly dependent
/// vectors.
///
/// # Errors
/// Only if interrupted.
pub(in crate::curvature) fn independent(
    block: Vec<Vec<f64>>,
    basis: &[Vec<f64>],
    ask: &dyn Fn() -> bool,
) -> Result<Vec<Vec<f64>>, Halt> {
    let mut block: Vec<Vec<f64>> = block.into_iter().filter_map(normalised).collect();
    if !basis.is_empty() {
        // Twice, without dependent vectors the second time, as in [`orthonormalise`].
        for _ in 0..2 {
            project_out(&mut block, basis, ask)?;
            block.retain(|v| norm(v) >= DEPENDENT);
            block = block.into_iter().filter_map(normalised).collect();
        }
    }
    Ok(orthonormal(block, ask)?.into_iter().flatten().collect())
}

/// Unit vectors orthonormalised by Cholesky QR, twice; `None` if they are nearly dependent.
fn by_cholesky(units: &[Vec<f64>], ask: &dyn Fn() -> bool) -> Result<Option<Vec<Vec<f64>>>, Halt> {
    let Some(rows) = divided(units, ask)? else { return Ok(None) };
    divided(&rows, ask)
}

/// L⁻¹B, where `LLᵀ = BBᵀ`; `None` if B is nearly rank deficient.
fn divided(block: &[Vec<f64>], ask: &dyn Fn() -> bool) -> Result<Option<Vec<Vec<f64>>>, Halt> {
    let (n, dim) = (block.len(), block.first().map_or(0, Vec::len));
    let products = overlaps(block, block, ask)?;
    let factors = DMatrix::from_fn(n, n, |i, j| products[i][j]).cholesky();
    let Some(factor) = factors.map(nalgebra::Cholesky::unpack) else { return Ok(None) };
    if factor.diagonal().iter().any(|x| x * x < WELL_CONDITIONED) {
        return Ok(None);
    }
    let Some(inverse) = factor.solve_lower_triangular(&DMatrix::identity(n, n)) else {
        return Ok(None);
    };
    let rows: Vec<Vec<f64>> = inverse.row_iter().map(|row| row.iter().copied().collect()).collect();
    let mut sums = vec![vec![0.0; dim]; n];
    add_sums(&mut sums, &rows, block, ask)?;
    Ok(Some(sums))
}

fn by_gram_schmidt(
    units: impl Iterator<Item = Option<Vec<f64>>>,
    ask: &dyn Fn() -> bool,
) -> Result<Vec<Option<Vec<f64>>>, Halt> {
    let mut kept: Vec<Vec<f64>> = Vec::new();
    let mut places = Vec::new();
    for unit in units {
        check_interrupted(ask)?;
        let row = unit.and_then(|unit| orthonormalise(unit, &kept));
        places.push(row.is_some());
        kept.extend(row);
    }
    let mut kept = kept.into_iter();
    Ok(places.into_iter().map(|is_kept| is_kept.then(|| kept.next()).flatten()).collect())
}

#[cfg(test)]
mod tests {
    use super::super::elementary::dot;
    use super::*;

    const DIM: usize = 1_300;

    fn vector(salt: f64) -> Vec<f64> {
        (0..DIM).map(|i| (salt * i as f64).sin() + 0.3).collect()
    }

    fn never() -> bool {
        false
    }

    /// Largest deviation of the inner products from those of an orthonormal block.
    fn defect(rows: &[Vec<f64>]) -> f64 {
        let pairs = (0..rows.len()).flat_map(|i| (0..=i).map(move |j| (i, j)));
        let of = |(i, j): (usize, usize)| dot(&rows[i], &rows[j]) - f64::from(u8::from(i == j));
        pairs.map(|pair| of(pair).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn a_block_becomes_orthonormal_and_spans_what_it_spanned() {
        for nearness in [1.0, 1e-2, 1e-3, 1e-5] {
            let first = vector(0.31);
            let near = vector(0.77).iter().zip(&first).map(|(x, f)| f + nearness * x).collect();
            let block = vec![first, near, vector(1.3), vector(2.1), vector(2.9)];
            let rows: Vec<Vec<f64>> =
                orthonormal(block.clone(), &never).unwrap().into_iter().flatten().collect();
            assert_eq!(rows.len(), 5);
            assert!(defect(&rows) < 1e-14, "{nearness}: {:.1e}", defect(&rows));
            // The same as Gram-Schmidt: row i is in the span of the first i vectors, with their sign.
            let known = by_gram_schmidt(block.into_iter().map(normalised), &never).unwrap();
            for (row, known) in rows.iter().zip(known.iter().flatten()) {
                let cosine = dot(row, known);
                assert!((cosine - 1.0).abs() < 1e-14 / nearness, "{nearness}: {cosine}");
            }
        }
    }

    #[test]
    fn dependent_vectors_leave_their_place_empty() {
        let (a, b) = (vector(0.31), vector(0.77));
        let sum = a.iter().zip(&b).map(|(a, b)| a - 2.0 * b).collect();
        let block = vec![a.clone(), vec![0.0; DIM], b, sum, vector(1.3)];
        let rows = orthonormal(block.clone(), &never).unwrap();
        let is_kept: Vec<bool> = rows.iter().map(Option::is_some).collect();
        assert_eq!(is_kept, [true, false, true, false, true]);
        let rows: Vec<Vec<f64>> = rows.into_iter().flatten().collect();
        assert!(defect(&rows) < 1e-14);
        let rest = independent(block, &rows[..1], &never).unwrap();
        assert_eq!(rest.len(), 2);
        let all: Vec<Vec<f64>> = rows[..1].iter().cloned().chain(rest).collect();
        assert!(defect(&all) < 1e-14);
    }
}
