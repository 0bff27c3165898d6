//! Eigenpairs of small symmetric matrices.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

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
}
