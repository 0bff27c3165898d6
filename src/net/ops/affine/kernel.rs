//! Fused CPU kernels of y = γ∘x + β and its other passes.
//!
//! Shapes: x, y, g `[n, d]`, γ, β `[d]`; tangents `[n, k, d]`, those of γ and β `[k, d]`. Sums are in
//! f64.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor};

use crate::net::simd::row_sums::{add_products, add_row};
use crate::net::simd::{Dual, Real, by_dtype, view};

/// y = γ∘x + β.
pub(crate) fn affine(x: &Tensor, gain: &Tensor, shift: &Tensor) -> Result<Tensor> {
    by_dtype!(x, T => {
        let (n, d) = x.dims2()?;
        let device = x.device();
        let (x, gain, shift) = (view(x)?, view(gain)?, view(shift)?);
        let (x, gain, shift) = (x.slice::<T>()?, gain.slice::<T>()?, shift.slice::<T>()?);
        let mut y = vec![T::ZERO; x.len()];
        for (x, y) in x.chunks_exact(d).zip(y.chunks_exact_mut(d)) {
            for j in 0..d {
                y[j] = gain[j] * x[j] + shift[j];
            }
        }
        Tensor::from_vec(y, (n, d), device)
    })
}

/// ∂/∂x = γ∘g, ∂/∂γ = Σₙ g∘x, ∂/∂β = Σₙ g.
pub(crate) fn affine_backward(
    g: &Tensor,
    x: &Tensor,
    gain: &Tensor,
) -> Result<(Tensor, Tensor, Tensor)> {
    by_dtype!(g, T => {
        let (n, d) = g.dims2()?;
        let device = g.device();
        let (g, x, gain) = (view(g)?, view(x)?, view(gain)?);
        let (g, x, gain) = (g.slice::<T>()?, x.slice::<T>()?, gain.slice::<T>()?);
        let mut dx = vec![T::ZERO; g.len()];
        let (mut products, mut sums) = (vec![0.0; d], vec![0.0; d]);
        for ((g, x), dx) in g.chunks_exact(d).zip(x.chunks_exact(d)).zip(dx.chunks_exact_mut(d)) {
            for j in 0..d {
                dx[j] = gain[j] * g[j];
            }
            add_products(&mut products, g, x);
            add_row(&mut sums, g);
        }
        Ok((
            Tensor::from_vec(dx, (n, d), device)?,
            Tensor::from_vec(narrow::<T>(&products), d, device)?,
            Tensor::from_vec(narrow::<T>(&sums), d, device)?,
        ))
    })
}

/// dy = γ∘dx + dγ∘x + dβ; `None` is dx = 0.
pub(crate) fn affine_tangent(
    x: &Tensor,
    dx: Option<&Tensor>,
    gain: Dual<'_>,
    dshift: &Tensor,
) -> Result<Tensor> {
    let Dual { value: gain, tangent: dgain } = gain;
    by_dtype!(x, T => {
        let ((n, d), k) = (x.dims2()?, dgain.dim(0)?);
        let device = x.device();
        let (x, gain, dgain, dshift) = (view(x)?, view(gain)?, view(dgain)?, view(dshift)?);
        let (x, gain) = (x.slice::<T>()?, gain.slice::<T>()?);
        let (dgain, dshift) = (dgain.slice::<T>()?, dshift.slice::<T>()?);
        let dx = dx.map(view).transpose()?;
        let dx = dx.as_ref().map(|dx| dx.slice::<T>()).transpose()?;
        let mut dy = vec![T::ZERO; x.len() * k];
        for (row, (x, dy)) in x.chunks_exact(d).zip(dy.chunks_exact_mut(k * d)).enumerate() {
            for (i, dy) in dy.chunks_exact_mut(d).enumerate() {
                let (dgain, dshift) = (&dgain[i * d..][..d], &dshift[i * d..][..d]);
                for j in 0..d {
                    dy[j] = dgain[j] * x[j] + dshift[j];
                }
                if let Some(dx) = dx {
                    let dx = &dx[(row * k + i) * d..][..d];
                    for j in 0..d {
                        dy[j] += gain[j] * dx[j];
                    }
                }
            }
        }
        Tensor::from_vec(dy, (n, k, d), device)
    })
}

/// d(∂/∂x) = γ∘dg + dγ∘g, d(∂/∂γ) = Σₙ (dg∘x + g∘dx), d(∂/∂β) = Σₙ dg; `None` is dx = 0.
pub(crate) fn affine_tangent_backward(
    dg: &Tensor,
    g: &Tensor,
    x: &Tensor,
    dx: Option<&Tensor>,
    gain: Dual<'_>,
) -> Result<(Tensor, Tensor, Tensor)> {
    let Dual { value: gain, tangent: dgain } = gain;
    by_dtype!(dg, T => {
        let (n, k, d) = dg.dims3()?;
        let device = dg.device();
        let dx = dx.map(view).transpose()?;
        let dx = dx.as_ref().map(|dx| dx.slice::<T>()).transpose()?;
        let (dg, g, x, gain, dgain) = (view(dg)?, view(g)?, view(x)?, view(gain)?, view(dgain)?);
        let (dg, g, x) = (dg.slice::<T>()?, g.slice::<T>()?, x.slice::<T>()?);
        let (gain, dgain) = (gain.slice::<T>()?, dgain.slice::<T>()?);
        let mut ddx = vec![T::ZERO; dg.len()];
        let (mut products, mut sums) = (vec![0.0; k * d], vec![0.0; k * d]);
        for (row, (g, x)) in g.chunks_exact(d).zip(x.chunks_exact(d)).enumerate() {
            let start = row * k * d;
            add_row(&mut sums, &dg[start..][..k * d]);
            for i in 0..k {
                let (dg, ddx) = (&dg[start + i * d..][..d], &mut ddx[start + i * d..][..d]);
                let (dgain, products) = (&dgain[i * d..][..d], &mut products[i * d..][..d]);
                for j in 0..d {
                    ddx[j] = gain[j] * dg[j] + dgain[j] * g[j];
                }
                add_products(products, dg, x);
                if let Some(dx) = dx {
                    add_products(products, g, &dx[start + i * d..][..d]);
                }
            }
        }
        Ok((
            Tensor::from_vec(ddx, (n, k, d), device)?,
            Tensor::from_vec(narrow::<T>(&products), (k, d), device)?,
            Tensor::from_vec(narrow::<T>(&sums), (k, d), device)?,
        ))
    })
}

/// Sum over the first dimension of `[n, d]` or `[n, k, d]`.
pub(crate) fn row_sums(x: &Tensor) -> Result<Tensor> {
    by_dtype!(x, T => {
        let (shape, device) = (x.dims()[1..].to_vec(), x.device());
        let x = view(x)?;
        let mut sums = vec![0.0; shape.iter().product()];
        for row in x.slice::<T>()?.chunks_exact(sums.len().max(1)) {
            add_row(&mut sums, row);
        }
        Tensor::from_vec(narrow::<T>(&sums), shape, device)
    })
}

/// Converts sums to the scalar type.
#[inline(always)]
fn narrow<T: Real>(sums: &[f64]) -> Vec<T> {
    sums.iter().map(|sum| T::of(*sum)).collect()
}
