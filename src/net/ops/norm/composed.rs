//! Normalization over sets of elements, composed of candle operations. Shapes as in `kernel`.

use candle_core::{Result, Tensor};

use super::kernel::{
    NormGradients, NormSaved, NormTangent, NormTangentBackward, Normed, Statistics,
};
use crate::net::ops::affine::{affine, affine_tangent};
use crate::net::ops::standardise::composed::{
    broadcast, project_sets, standardise_sets, tangent_backward_sets,
};
use crate::net::ops::standardise::{Means, Sets};
use crate::net::simd::Dual;

/// x̂ = s·(x − μ) of `[n, d]`.
fn standardised(x: &Tensor, statistics: Statistics<'_>, sets: Sets) -> Result<Tensor> {
    let over = |numbers: &Tensor| broadcast(&numbers.unsqueeze(1)?, x.dim(0)?, sets)?.squeeze(1);
    (x - over(statistics.mean)?)? * over(statistics.scale)?
}

/// Sums over the rows of each block, `[b, k, d]` of `[n, k, d]`.
fn block_sums(x: &Tensor, sets: Sets) -> Result<Tensor> {
    let block = |(start, rows)| x.narrow(0, start, rows)?.sum(0);
    let blocks: Result<Vec<Tensor>> = sets.blocks(x.dim(0)?).map(block).collect();
    Tensor::stack(&blocks?, 0)
}

/// y = γ∘s·(x − μ) + β with μ and σ² of each set.
pub(crate) fn norm(
    x: &Tensor,
    gain: &Tensor,
    shift: &Tensor,
    sets: Sets,
    epsilon: f64,
) -> Result<Normed> {
    let found = standardise_sets(x, sets, epsilon)?;
    Ok(Normed {
        value: affine(&found.value, gain, shift)?,
        scale: found.scale,
        mean: found.mean,
        variance: found.variance,
    })
}

/// The backward pass from g = ∂/∂y.
pub(crate) fn norm_backward(
    g: &Tensor,
    x: &Tensor,
    gain: &Tensor,
    statistics: Statistics<'_>,
    sets: Sets,
) -> Result<NormGradients> {
    let hat = standardised(x, statistics, sets)?;
    let v = g.broadcast_mul(gain)?.unsqueeze(1)?;
    Ok(NormGradients {
        value: project_sets(&v, &hat, statistics.scale, sets)?.value.squeeze(1)?,
        sums: block_sums(g, sets)?,
        products: block_sums(&(g * &hat)?, sets)?,
    })
}

/// The tangent of y from dx and the directions of γ and β.
pub(crate) fn norm_tangent(
    dx: &Tensor,
    x: &Tensor,
    gain: Dual<'_>,
    dshift: &Tensor,
    statistics: Statistics<'_>,
    sets: Sets,
) -> Result<NormTangent> {
    let hat = standardised(x, statistics, sets)?;
    let found = project_sets(dx, &hat, statistics.scale, sets)?;
    let value = affine_tangent(&hat, Some(&found.value), gain, dshift)?;
    Ok(NormTangent { value, mean: found.mean, overlap: found.overlap })
}

/// Derivative of `norm_backward` along the directions.
pub(crate) fn norm_tangent_backward(
    dg: &Tensor,
    g: &Tensor,
    x: Dual<'_>,
    gain: Dual<'_>,
    saved: NormSaved<'_>,
    sets: Sets,
) -> Result<NormTangentBackward> {
    let scale = saved.statistics.scale;
    let hat = standardised(x.value, saved.statistics, sets)?;
    let dhat = project_sets(x.tangent, &hat, scale, sets)?.value;
    let Dual { value: gain, tangent: dgain } = gain;
    let v = g.broadcast_mul(gain)?.unsqueeze(1)?;
    let dv = (dg.broadcast_mul(gain)? + g.unsqueeze(1)?.broadcast_mul(&dgain.unsqueeze(0)?)?)?;
    let found = project_sets(&v, &hat, scale, sets)?;
    let of_sets = Means {
        scale,
        gradient: &found.mean.squeeze(1)?,
        overlap: &found.overlap.squeeze(1)?,
        tangent: saved.overlap,
    };
    let both = (dg.broadcast_mul(&hat.unsqueeze(1)?)? + dhat.broadcast_mul(&g.unsqueeze(1)?)?)?;
    let hats = Dual { value: &hat, tangent: &dhat };
    Ok(NormTangentBackward {
        value: tangent_backward_sets(&v, &dv, hats, of_sets, sets)?,
        sums: dg.sum(0)?,
        products: both.sum(0)?,
    })
}
