//! The largest eigenpair by Lanczos from a cold start, fully reorthogonalised.
//! Pure; slow, as a reference for tests.

use nalgebra::DMatrix;

use super::operator::Operator;
use super::vectors::{Pair, add_scaled, combine, dot, norm, orthonormalise, small_eigen};
use crate::net::Halt;

/// When [`lanczos`] stops.
#[derive(Clone, Copy, Debug)]
pub struct LanczosOptions {
    /// Residual ‖Au − λu‖/|λ| to reach.
    pub tolerance: f64,
    /// Smallest number of products. Before, a small residual can belong to λ₂ while the component
    /// along u₁ still grows; this happens if λ₁ ≈ λ₂, at the edge of stability.
    pub min_steps: usize,
    /// Largest number of products.
    pub max_steps: usize,
}

/// The largest eigenpair of `operator` and the number of products it took.
///
/// # Errors
/// See [`Halt`].
pub fn lanczos(
    operator: &mut dyn Operator,
    start: Vec<f64>,
    options: LanczosOptions,
) -> Result<(Pair, u32), Halt> {
    let mut basis: Vec<Vec<f64>> = orthonormalise(start, &[]).into_iter().collect();
    let (mut alphas, mut betas): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    loop {
        let Some(q) = basis.last() else { return Err(Halt::NotFinite) };
        let Some(mut w) = operator.apply(std::slice::from_ref(q))?.pop() else {
            return Err(Halt::NotFinite);
        };
        let alpha = dot(q, &w);
        alphas.push(alpha);
        // Three-term recurrence, then full reorthogonalisation.
        add_scaled(&mut w, -alpha, q);
        if let (Some(beta), Some(before)) = (betas.last(), basis.len().checked_sub(2)) {
            add_scaled(&mut w, -beta, &basis[before]);
        }
        let beta = norm(&w);
        let m = alphas.len();
        let (value, coefficients) = top_of_tridiagonal(&alphas, &betas);
        let residual = (beta * coefficients[m - 1]).abs() / value.abs().max(f64::MIN_POSITIVE);
        let wants_more = m < options.min_steps || residual > options.tolerance;
        let next = (wants_more && m < options.max_steps && m < operator.dim())
            .then(|| orthonormalise(w, &basis))
            .flatten();
        let Some(next) = next else {
            // One more product: β·|s_m| only bounds the residual in exact arithmetic.
            let vector = combine(coefficients, &basis);
            let Some(mut rest) = operator.apply(std::slice::from_ref(&vector))?.pop() else {
                return Err(Halt::NotFinite);
            };
            add_scaled(&mut rest, -value, &vector);
            let residual = norm(&rest) / value.abs().max(f64::MIN_POSITIVE);
            #[expect(clippy::cast_possible_truncation, reason = "bounded by max_steps")]
            return Ok((Pair { value, vector, residual }, m as u32 + 1));
        };
        betas.push(beta);
        basis.push(next);
    }
}

/// The largest eigenvalue of a symmetric tridiagonal matrix and its coefficient vector.
fn top_of_tridiagonal(alphas: &[f64], betas: &[f64]) -> (f64, Vec<f64>) {
    let m = alphas.len();
    let matrix = DMatrix::from_fn(m, m, |i, j| match i.abs_diff(j) {
        0 => alphas[i],
        1 => betas[i.min(j)],
        _ => 0.0,
    });
    small_eigen(matrix).swap_remove(0)
}
