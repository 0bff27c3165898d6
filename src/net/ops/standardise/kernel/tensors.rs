//! Standardisation of sets within a row, and its other passes; `norm` handles sets of several rows.
//!
//! Shapes: values `[n, d]`, tangents `[n, k, d]`, numbers per set of `width` consecutive features
//! `[n, d/width]`, their tangents `[n, k, d/width]`. Sums are in f64.

use candle_core::{Result, Tensor};

use super::rows::{self, TangentBackward};
use crate::net::simd::{Dual, by_dtype, view};

/// Result of the forward pass.
#[derive(Debug)]
pub(crate) struct Standardised {
    /// x̂ = s·(x − μ).
    pub(crate) value: Tensor,
    /// s = 1/√(σ² + ε).
    pub(crate) scale: Tensor,
    /// μ.
    pub(crate) mean: Tensor,
    /// σ², the mean square of x − μ.
    pub(crate) variance: Tensor,
}

/// x̂ = (x − μ)/√(σ² + ε) with μ and σ² of each set.
pub(crate) fn standardise(x: &Tensor, width: usize, epsilon: f64) -> Result<Standardised> {
    by_dtype!(x, T => {
        let ((n, d), device) = (x.dims2()?, x.device());
        let shape = (n, d / width);
        let x = view(x)?;
        let [value, scale, mean, variance] = rows::forward(x.slice::<T>()?, width, epsilon);
        Ok(Standardised {
            value: Tensor::from_vec(value, (n, d), device)?,
            scale: Tensor::from_vec(scale, shape, device)?,
            mean: Tensor::from_vec(mean, shape, device)?,
            variance: Tensor::from_vec(variance, shape, device)?,
        })
    })
}

/// The product of the Jacobian of x̂ with a block of vectors, and the means it uses.
pub(crate) struct Projected {
    /// J·v = s·(v − m − x̂·q), `[n, k, d]`.
    pub(crate) value: Tensor,
    /// m, the mean of v.
    pub(crate) mean: Tensor,
    /// q, the mean of x̂∘v.
    pub(crate) overlap: Tensor,
}

/// J·v for v `[n, k, d]`. J is symmetric, so this is both the tangent and the backward pass.
pub(crate) fn standardise_project(
    v: &Tensor,
    hat: &Tensor,
    scale: &Tensor,
    width: usize,
) -> Result<Projected> {
    by_dtype!(v, T => {
        let ((n, k, d), device) = (v.dims3()?, v.device());
        let shape = (n, k, d / width);
        let (v, hat, scale) = (view(v)?, view(hat)?, view(scale)?);
        let (v, hat, scale) = (v.slice::<T>()?, hat.slice::<T>()?, scale.slice::<T>()?);
        let [value, mean, overlap] = rows::project(v, hat, scale, k, d, width);
        Ok(Projected {
            value: Tensor::from_vec(value, (n, k, d), device)?,
            mean: Tensor::from_vec(mean, shape, device)?,
            overlap: Tensor::from_vec(overlap, shape, device)?,
        })
    })
}

/// What `tangent_backward` reads from the earlier passes, per set: s, the means of g and x̂∘g, and
/// for each direction the mean of x̂∘dx.
#[derive(Clone, Copy)]
pub(crate) struct Means<'a> {
    pub(crate) scale: &'a Tensor,
    pub(crate) gradient: &'a Tensor,
    pub(crate) overlap: &'a Tensor,
    pub(crate) tangent: &'a Tensor,
}

/// Derivative of J·g along the directions, from dg `[n, k, d]`, g, and x̂ with its tangents.
///
/// With a, b and β the means of g, x̂∘g and x̂∘dx, ds = −s²·β, hence d(s·(g − a − b·x̂)) = s·(dg −
/// b·dx̂ − sβ·g − (db − sβ·b)·x̂ − (da − sβ·a)), where da and db are the means of dg and of dg∘x̂ +
/// g∘dx̂.
pub(crate) fn standardise_tangent_backward(
    dg: &Tensor,
    g: &Tensor,
    hat: Dual<'_>,
    means: Means<'_>,
    width: usize,
) -> Result<Tensor> {
    by_dtype!(dg, T => {
        let (n, k, d) = dg.dims3()?;
        let device = dg.device();
        let (dg, g, hat, dhat) = (view(dg)?, view(g)?, view(hat.value)?, view(hat.tangent)?);
        let (s, a) = (view(means.scale)?, view(means.gradient)?);
        let (b, beta) = (view(means.overlap)?, view(means.tangent)?);
        let tangent_backward = TangentBackward {
            fields: [hat.slice::<T>()?, g.slice::<T>()?],
            tangents: [dhat.slice::<T>()?, dg.slice::<T>()?],
            sets: [s.slice::<T>()?, a.slice::<T>()?, b.slice::<T>()?],
            beta: beta.slice::<T>()?,
        };
        Tensor::from_vec(rows::tangent_backward(&tangent_backward, k, d, width), (n, k, d), device)
    })
}
