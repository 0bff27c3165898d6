//! Dot products, norms and Gram-Schmidt orthogonalisation of f64 vectors.

#![expect(
    clippy::inline_always,
    reason = "only inlined code is compiled with the vector instructions of its caller"
)]

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
const LANES: usize = 8;

/// aᵀb.
#[must_use]
pub(in crate::curvature) fn dot(a: &[f64], b: &[f64]) -> f64 {
    widest(
        #[inline(always)]
        || {
            let [sum] = dots([a], b);
            sum
        },
    )
}

/// Inner products of several vectors with one, in an order that does not depend on the instruction
/// set.
#[inline(always)]
pub(super) fn dots<const N: usize>(a: [&[f64]; N], b: &[f64]) -> [f64; N] {
    let whole = b.len() - b.len() % LANES;
    let mut sums = [[0.0; LANES]; N];
    for start in (0..whole).step_by(LANES) {
        let y = &b[start..start + LANES];
        for (sums, a) in sums.iter_mut().zip(a) {
            let x = &a[start..start + LANES];
            for lane in 0..LANES {
                sums[lane] += x[lane] * y[lane];
            }
        }
    }
    let mut totals = [0.0; N];
    for ((total, sums), a) in totals.iter_mut().zip(sums).zip(a) {
        let tail: f64 = a[whole..].iter().zip(&b[whole..]).map(|(a, b)| a * b).sum();
        *total = sums.iter().sum::<f64>() + tail;
    }
    totals
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

#[cfg(test)]
mod tests {
    use super::*;

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
