//! Dot products, norms and orthogonalisation of f64 vectors, and small symmetric eigenproblems.
//! Does not know what the vectors are.

#![expect(
    clippy::inline_always,
    reason = "only inlined code is compiled with the vector instructions of its caller"
)]

mod orthonormal;
mod sums;

pub(super) use orthonormal::{independent, orthonormal};
pub(super) use sums::{CHUNK, add_sums, overlaps};

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use crate::net::widest;

/// An eigenvalue and its unit vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The eigenvalue λ.
    pub value: f64,
    /// The unit eigenvector u.
    pub vector: Vec<f64>,
    /// ‖Au − λu‖/|λ|.
    pub residual: f64,
}

/// Independent partial sums, so that the compiler can use vector instructions.
pub(in crate::curvature) const LANES: usize = 8;

/// aᵀb.
#[must_use]
pub(in crate::curvature) fn dot(a: &[f64], b: &[f64]) -> f64 {
    widest(
        #[inline(always)]
        || dot_in_lanes(a, b),
    )
}

/// Sums in an order that does not depend on the instruction set.
#[inline(always)]
fn dot_in_lanes(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let (heads_a, heads_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let tail: f64 = heads_a.remainder().iter().zip(heads_b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in heads_a.zip(heads_b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + tail
}

/// ‖a‖.
#[must_use]
pub(in crate::curvature) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// v/‖v‖; `None` if v is 0 or not finite.
#[must_use]
pub(in crate::curvature) fn normalised(mut v: Vec<f64>) -> Option<Vec<f64>> {
    let length = norm(&v);
    if length <= f64::MIN_POSITIVE || !length.is_finite() {
        return None;
    }
    scale(&mut v, 1.0 / length);
    Some(v)
}

/// v ← c·v.
fn scale(v: &mut [f64], c: f64) {
    for x in v {
        *x *= c;
    }
}

/// y ← y + c·x.
pub(in crate::curvature) fn add_scaled(y: &mut [f64], c: f64, x: &[f64]) {
    widest(
        #[inline(always)]
        || {
            for (y, x) in y.iter_mut().zip(x) {
                *y += c * x;
            }
        },
    );
}

/// Σ cᵢ·vᵢ.
#[must_use]
pub(in crate::curvature) fn combine(
    coefficients: impl IntoIterator<Item = f64>,
    vectors: &[Vec<f64>],
) -> Vec<f64> {
    let mut sum = vec![0.0; vectors.first().map_or(0, Vec::len)];
    for (c, v) in coefficients.into_iter().zip(vectors) {
        add_scaled(&mut sum, c, v);
    }
    sum
}

/// Norm below which a unit vector's component orthogonal to a basis counts as rounding error.
pub(in crate::curvature) const DEPENDENT: f64 = 1e-7;

/// Makes `v` a unit vector orthogonal to an orthonormal basis; `None` if it is linearly dependent.
/// Two passes of Gram-Schmidt suffice.
#[must_use]
pub(in crate::curvature) fn orthonormalise(
    mut v: Vec<f64>,
    basis: &[Vec<f64>],
) -> Option<Vec<f64>> {
    for _ in 0..2 {
        let length = norm(&v);
        if length <= f64::MIN_POSITIVE || !length.is_finite() {
            return None;
        }
        scale(&mut v, 1.0 / length);
        for q in basis {
            let c = dot(q, &v);
            add_scaled(&mut v, -c, q);
        }
        if norm(&v) < DEPENDENT {
            return None;
        }
    }
    let length = norm(&v);
    scale(&mut v, 1.0 / length);
    Some(v)
}

/// Eigenvalues of a small symmetric matrix in descending order, with their eigenvectors.
#[must_use]
pub(in crate::curvature) fn small_eigen(matrix: DMatrix<f64>) -> Vec<(f64, Vec<f64>)> {
    let eigen = SymmetricEigen::new(matrix.clone());
    let is_finite = eigen.eigenvalues.iter().chain(&eigen.eigenvectors).all(|x| x.is_finite());
    // nalgebra's QR iteration can return NaN for a finite matrix.
    let (values, vectors) =
        if is_finite { (eigen.eigenvalues, eigen.eigenvectors) } else { by_rotations(matrix) };
    let mut pairs: Vec<_> = values
        .iter()
        .zip(vectors.column_iter())
        .map(|(value, vector)| (*value, vector.iter().copied().collect::<Vec<_>>()))
        .collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    pairs
}

/// Largest number of sweeps. Convergence is quadratic; six to eight sweeps are usual.
const MAX_SWEEPS: usize = 30;

/// Eigenvalues and eigenvectors by the cyclic Jacobi method: slower than QR, but always finite.
fn by_rotations(mut a: DMatrix<f64>) -> (DVector<f64>, DMatrix<f64>) {
    let n = a.nrows();
    let mut vectors: DMatrix<f64> = DMatrix::identity(n, n);
    for _ in 0..MAX_SWEEPS {
        let outside: f64 =
            (0..n).flat_map(|j| (0..j).map(move |i| (i, j))).map(|at| a[at] * a[at]).sum();
        if outside.sqrt() <= f64::EPSILON * a.norm() {
            break;
        }
        for (p, q) in (0..n).flat_map(|q| (0..q).map(move |p| (p, q))) {
            if a[(p, q)] == 0.0 {
                continue;
            }
            let half = (a[(q, q)] - a[(p, p)]) / (2.0 * a[(p, q)]);
            let tangent = half.signum() / (half.abs() + half.hypot(1.0));
            let cosine = tangent.hypot(1.0).recip();
            let sine = tangent * cosine;
            for i in 0..n {
                let (x, y) = (a[(i, p)], a[(i, q)]);
                (a[(i, p)], a[(i, q)]) = (cosine * x - sine * y, sine * x + cosine * y);
                let (x, y) = (vectors[(i, p)], vectors[(i, q)]);
                (vectors[(i, p)], vectors[(i, q)]) = (cosine * x - sine * y, sine * x + cosine * y);
            }
            for i in 0..n {
                let (x, y) = (a[(p, i)], a[(q, i)]);
                (a[(p, i)], a[(q, i)]) = (cosine * x - sine * y, sine * x + cosine * y);
            }
        }
    }
    (a.diagonal(), vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations_find_the_same_eigenpairs() {
        let entry = |i: usize, j: usize| (1.7 * (i.min(j) * 9 + i.max(j)) as f64).sin();
        let matrix = DMatrix::from_fn(9, 9, entry);
        let (values, vectors) = by_rotations(matrix.clone());
        let rebuilt = &vectors * DMatrix::from_diagonal(&values) * vectors.transpose();
        assert!((rebuilt - &matrix).norm() < 1e-13 * matrix.norm());
        let mut values: Vec<f64> = values.iter().copied().collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let known = small_eigen(matrix);
        assert!(values.iter().zip(&known).all(|(a, (b, _))| (a - b).abs() < 1e-13));
        // Already diagonal, and all copies of one eigenvalue.
        assert_eq!(by_rotations(DMatrix::identity(4, 4)).0, DVector::from_element(4, 1.0));
    }

    #[test]
    fn dot_products_include_the_tail() {
        let a: Vec<f64> = (0..19).map(f64::from).collect();
        assert_eq!(dot(&a, &a), (0..19).map(|x| f64::from(x * x)).sum::<f64>());
    }

    #[test]
    fn a_dependent_vector_is_refused_and_an_independent_one_is_made_orthonormal() {
        let basis = vec![vec![1.0, 0.0, 0.0]];
        assert!(orthonormalise(vec![2.0, 0.0, 0.0], &basis).is_none());
        assert!(orthonormalise(vec![0.0; 3], &basis).is_none());
        let v = orthonormalise(vec![5.0, 3.0, 4.0], &basis).unwrap();
        assert!(dot(&v, &basis[0]).abs() < 1e-15 && (norm(&v) - 1.0).abs() < 1e-15);
    }
}
