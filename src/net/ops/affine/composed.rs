//! y = γ∘x + β and its other passes, composed of candle operations. Shapes as in `kernel`.

use candle_core::{Result, Tensor};

use crate::net::simd::Dual;

/// y = γ∘x + β.
pub(crate) fn affine(x: &Tensor, gain: &Tensor, shift: &Tensor) -> Result<Tensor> {
    x.broadcast_mul(gain)?.broadcast_add(shift)
}

/// ∂/∂x = γ∘g, ∂/∂γ = Σₙ g∘x, ∂/∂β = Σₙ g.
pub(crate) fn affine_backward(
    g: &Tensor,
    x: &Tensor,
    gain: &Tensor,
) -> Result<(Tensor, Tensor, Tensor)> {
    Ok((g.broadcast_mul(gain)?, (g * x)?.sum(0)?, g.sum(0)?))
}

/// dy = γ∘dx + dγ∘x + dβ; `None` is dx = 0.
pub(crate) fn affine_tangent(
    x: &Tensor,
    dx: Option<&Tensor>,
    gain: Dual<'_>,
    dshift: &Tensor,
) -> Result<Tensor> {
    let Dual { value: gain, tangent: dgain } = gain;
    let dy = x.unsqueeze(1)?.broadcast_mul(&dgain.unsqueeze(0)?)?.broadcast_add(dshift)?;
    match dx {
        Some(dx) => dy + dx.broadcast_mul(gain)?,
        None => Ok(dy),
    }
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
    let (g, x) = (g.unsqueeze(1)?, x.unsqueeze(1)?);
    let ddx = (dg.broadcast_mul(gain)? + g.broadcast_mul(&dgain.unsqueeze(0)?)?)?;
    let products = dg.broadcast_mul(&x)?;
    let products = match dx {
        Some(dx) => (products + dx.broadcast_mul(&g)?)?,
        None => products,
    };
    Ok((ddx, products.sum(0)?, dg.sum(0)?))
}

/// Sum over the first dimension.
pub(crate) fn row_sums(x: &Tensor) -> Result<Tensor> {
    x.sum(0)
}
