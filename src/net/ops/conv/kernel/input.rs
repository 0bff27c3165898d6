//! Gradients of a convolution's input: convolutions with rotated weights, or products scattered
//! back to the image where the window has no [`Filter::transposed`]. Single-threaded, images in
//! order; shapes as in `values`.

use candle_core::{Result, Tensor, bail};

use super::channels::scatter;
use super::sizes::Sizes;
use super::values::{conv, conv_tangent};
use crate::net::simd::gemm::{Into, multiply};
use crate::net::simd::{Direction, Real, by_dtype, view};
use crate::net::sliding_window::Filter;

/// ∂/∂x: g·w summed over the patches that contain each pixel.
pub(crate) fn conv_backward_input(g: &Tensor, w: &Tensor, filter: Filter) -> Result<Tensor> {
    if let Some(back) = filter.transposed() {
        return conv(g, &rotated(w, filter)?, back);
    }
    by_dtype!(g, T => {
        let s = Sizes::new::<T>(w, filter)?;
        let (image, output) = s.lengths();
        let n = Sizes::images(g.dim(0)?, s.places);
        let (gs, w, device) = (view(g)?, view(w)?, g.device());
        let w = w.slice::<T>()?;
        let (mut dxs, mut patches) = (vec![T::ZERO; n * image], vec![T::ZERO; s.places * s.patch]);
        for (g, dx) in gs.slice::<T>()?.chunks_exact(output).zip(dxs.chunks_exact_mut(image)) {
            for group in 0..s.groups {
                let g = s.outputs_of(g, group, Direction::NONE);
                multiply(&mut patches, s.patch, Into::Fresh, g, s.weights(w, group));
                scatter(&patches, s.channels_of(group, Direction::NONE), &s.window, dx);
            }
        }
        Tensor::from_vec(dxs, (n * s.pixels, s.channels), device)
    })
}

/// d(∂/∂x): dg·w + g·dw summed over the patches that contain each pixel.
pub(crate) fn conv_tangent_backward_input(
    g: &Tensor,
    dg: &Tensor,
    w: &Tensor,
    dw: &Tensor,
    filter: Filter,
) -> Result<Tensor> {
    if let Some(back) = filter.transposed() {
        return conv_tangent(g, Some(dg), &rotated(w, filter)?, &rotated(dw, filter)?, back);
    }
    by_dtype!(g, T => {
        let s = Sizes::new::<T>(w, filter)?;
        let (image, output) = s.lengths();
        let (n, k) = (Sizes::images(g.dim(0)?, s.places), dw.dim(0)?);
        let (gs, dgs, device) = (view(g)?, view(dg)?, g.device());
        let (w, dw) = (view(w)?, view(dw)?);
        let (w, dw) = (w.slice::<T>()?, dw.slice::<T>()?);
        let (mut ddxs, mut patches) = (vec![T::ZERO; n * k * image], vec![T::ZERO; s.places * s.patch]);
        let outputs = gs.slice::<T>()?.chunks_exact(output);
        let outputs = outputs.zip(dgs.slice::<T>()?.chunks_exact(k * output));
        for ((g, dg), ddx) in outputs.zip(ddxs.chunks_exact_mut(k * image)) {
            for group in 0..s.groups {
                for (at, dw) in Direction::all(k).zip(dw.chunks_exact(w.len())) {
                    let dg = s.outputs_of(dg, group, at);
                    multiply(&mut patches, s.patch, Into::Fresh, dg, s.weights(w, group));
                    let g = s.outputs_of(g, group, Direction::NONE);
                    multiply(&mut patches, s.patch, Into::Sum, g, s.weights(dw, group));
                    scatter(&patches, s.channels_of(group, at), &s.window, ddx);
                }
            }
        }
        Tensor::from_vec(ddxs, (n * s.pixels, k, s.channels), device)
    })
}

/// Weights, or their directions, rotated by 180°, with channels and outputs swapped in every group:
/// the weights of the transposed convolution.
fn rotated(w: &Tensor, filter: Filter) -> Result<Tensor> {
    by_dtype!(w, T => {
        let (groups, area) = (filter.groups, filter.window.kernel.positions());
        let mut shape = w.dims().to_vec();
        let [.., outputs, _, _, share] = shape.as_mut_slice() else { bail!("weights have four axes") };
        let (n, m) = (*outputs / groups, *share);
        (*outputs, *share) = (groups * m, n);
        let view = view(w)?;
        let mut rotated = vec![T::ZERO; w.elem_count()];
        let blocks = view.slice::<T>()?.chunks_exact(n * area * m);
        for (w, rotated) in blocks.zip(rotated.chunks_exact_mut(n * area * m)) {
            for (output, w) in w.chunks_exact(area * m).enumerate() {
                for (pixel, w) in w.chunks_exact(m).rev().enumerate() {
                    for (channel, w) in w.iter().enumerate() {
                        rotated[(channel * area + pixel) * n + output] = *w;
                    }
                }
            }
        }
        Tensor::from_vec(rotated, shape, w.device())
    })
}
