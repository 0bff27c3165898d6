//! Standardisation of sets of elements, composed of candle operations.

use candle_core::{Result, Tensor};

use super::kernel::{Means, Projected, Standardised};
use super::sets::Sets;
use crate::net::simd::Dual;

/// The mean of every set, `[b, k, d/width]` of `[n, k, d]`.
fn means(x: &Tensor, sets: Sets) -> Result<Tensor> {
    let (n, k, d) = x.dims3()?;
    let block = |(start, rows)| {
        x.narrow(0, start, rows)?.reshape((rows, k, d / sets.width, sets.width))?.mean((0, 3))
    };
    let blocks: Result<Vec<Tensor>> = sets.blocks(n).map(block).collect();
    Tensor::stack(&blocks?, 0)
}

/// Broadcasts numbers per set `[b, k, d/width]` to the elements of each set, `[n, k, d]`.
pub(crate) fn broadcast(of_sets: &Tensor, n: usize, sets: Sets) -> Result<Tensor> {
    let (_, k, n_sets) = of_sets.dims3()?;
    let block = |(at, (_, rows)): (usize, (usize, usize))| {
        let numbers = of_sets.narrow(0, at, 1)?.unsqueeze(3)?;
        numbers.broadcast_as((rows, k, n_sets, sets.width))?.reshape((rows, k, ()))
    };
    let blocks: Result<Vec<Tensor>> = sets.blocks(n).enumerate().map(block).collect();
    Tensor::cat(&blocks?, 0)
}

/// Sets of `width` features within a row.
fn within(width: usize) -> Sets {
    Sets { rows: 1, width }
}

/// x̂ = (x − μ)/√(σ² + ε) with μ and σ² of each set.
pub(crate) fn standardise(x: &Tensor, width: usize, epsilon: f64) -> Result<Standardised> {
    standardise_sets(x, within(width), epsilon)
}

/// [`standardise`] for any sets.
pub(crate) fn standardise_sets(x: &Tensor, sets: Sets, epsilon: f64) -> Result<Standardised> {
    let n = x.dim(0)?;
    let x = x.unsqueeze(1)?;
    let mean = means(&x, sets)?;
    let centred = (&x - broadcast(&mean, n, sets)?)?;
    let variance = means(&centred.sqr()?, sets)?;
    let scale = (&variance + epsilon)?.sqrt()?.recip()?;
    Ok(Standardised {
        value: (centred * broadcast(&scale, n, sets)?)?.squeeze(1)?,
        scale: scale.squeeze(1)?,
        mean: mean.squeeze(1)?,
        variance: variance.squeeze(1)?,
    })
}

/// J·v = s·(v − mean v − x̂·mean(x̂∘v)).
pub(crate) fn standardise_project(
    v: &Tensor,
    hat: &Tensor,
    scale: &Tensor,
    width: usize,
) -> Result<Projected> {
    project_sets(v, hat, scale, within(width))
}

/// [`standardise_project`] for any sets.
pub(crate) fn project_sets(
    v: &Tensor,
    hat: &Tensor,
    scale: &Tensor,
    sets: Sets,
) -> Result<Projected> {
    let n = v.dim(0)?;
    let hat = hat.unsqueeze(1)?;
    let mean = means(v, sets)?;
    let overlap = means(&v.broadcast_mul(&hat)?, sets)?;
    let rest = hat.broadcast_mul(&broadcast(&overlap, n, sets)?)?;
    let value = ((v - broadcast(&mean, n, sets)?)? - rest)?;
    let value = value.broadcast_mul(&broadcast(&scale.unsqueeze(1)?, n, sets)?)?;
    Ok(Projected { value, mean, overlap })
}

/// d(s·(g − a − b·x̂)) = −sβ·s·(g − a − b·x̂) + s·(dg − da − b·dx̂ − db·x̂).
pub(crate) fn standardise_tangent_backward(
    dg: &Tensor,
    g: &Tensor,
    hat: Dual<'_>,
    of_sets: Means<'_>,
    width: usize,
) -> Result<Tensor> {
    tangent_backward_sets(&g.unsqueeze(1)?, dg, hat, of_sets, within(width))
}

/// [`standardise_tangent_backward`] for any sets, with g `[n, k, d]` that may differ by direction.
pub(crate) fn tangent_backward_sets(
    g: &Tensor,
    dg: &Tensor,
    hat: Dual<'_>,
    of_sets: Means<'_>,
    sets: Sets,
) -> Result<Tensor> {
    let n = dg.dim(0)?;
    let over = |numbers: &Tensor| broadcast(numbers, n, sets);
    let (hat, dhat) = (hat.value.unsqueeze(1)?, hat.tangent);
    let scale = over(&of_sets.scale.unsqueeze(1)?)?;
    let a = over(&of_sets.gradient.unsqueeze(1)?)?;
    let b = over(&of_sets.overlap.unsqueeze(1)?)?;
    let products = (dg.broadcast_mul(&hat)? + dhat.broadcast_mul(g)?)?;
    let (da, db) = (over(&means(dg, sets)?)?, over(&means(&products, sets)?)?);
    let inner = (((dg - da)? - dhat.broadcast_mul(&b)?)? - db.broadcast_mul(&hat)?)?;
    let pulled = ((g - &a)? - (&hat * &b)?)?;
    let shrunk = over(of_sets.tangent)?.broadcast_mul(&(pulled * &scale)?)?;
    (inner - shrunk)?.broadcast_mul(&scale)
}
