//! The six kernels of a convolution's four passes: patches of one image at a time, and products.
//! One thread each, images in order, so that the order of sums is fixed.
//!
//! Shapes: x `[n·h·w, c]`, w `[o, kh, kw, c/groups]`, values `[n·q, o]` for q places of the window;
//! tangents carry a block of k vectors in the middle, weight tangents in front.

use candle_core::{Result, Tensor, bail};

use super::gemm::{Into, Mat, multiply};
use super::patches::{Channels, gather, scatter};
use super::{Real, by_dtype, view};
use crate::net::window::{Filter, Window};

/// Sizes of one convolution.
#[derive(Clone, Copy)]
struct Sizes {
    window: Window,
    groups: usize,
    /// Pixels of an image.
    pixels: usize,
    /// Places of the window.
    places: usize,
    /// Channels, and those of one group.
    channels: usize,
    share: usize,
    /// Outputs, and those of one group.
    outputs: usize,
    outputs_share: usize,
    /// Numbers of one group under the window.
    patch: usize,
}

impl Sizes {
    fn new(w: &Tensor, Filter { window, groups }: Filter) -> Result<Self> {
        let (outputs, height, width, share) = w.dims4()?;
        if (height, width) != (window.kernel.height, window.kernel.width) || outputs % groups != 0 {
            bail!("weights {:?} are not those of {window:?} in {groups} groups", w.dims());
        }
        Ok(Self {
            window,
            groups,
            pixels: window.image.positions(),
            places: window.output().positions(),
            channels: share * groups,
            share,
            outputs,
            outputs_share: outputs / groups,
            patch: height * width * share,
        })
    }

    /// Numbers of an image, of its outputs, and of its patches.
    fn lengths(&self) -> (usize, usize, usize) {
        (self.pixels * self.channels, self.places * self.outputs, self.places * self.patch)
    }

    /// Number of images in a matrix of this many rows, `rows` an image.
    fn images(n_rows: usize, rows: usize) -> usize {
        n_rows / rows.max(1)
    }

    /// Channels of one group, of direction `j` of `k`.
    fn channels_of(&self, group: usize, (j, k): (usize, usize)) -> Channels {
        let first = j * self.channels + group * self.share;
        Channels { first, count: self.share, step: k * self.channels }
    }

    /// Weights (of several directions) with every group transposed, `[patch, outputs of the group]`:
    /// products need no further packing.
    fn columns<T: Real>(&self, w: &[T]) -> Vec<T> {
        let (n, patch) = (self.outputs_share, self.patch);
        let mut columns = vec![T::ZERO; w.len()];
        for (w, columns) in w.chunks_exact(n * patch).zip(columns.chunks_exact_mut(n * patch)) {
            for (i, row) in columns.chunks_exact_mut(n).enumerate() {
                for (o, to) in row.iter_mut().enumerate() {
                    *to = w[o * patch + i];
                }
            }
        }
        columns
    }

    /// One group of [`Self::columns`].
    fn columns_of<'a, T>(&self, columns: &'a [T], group: usize) -> Mat<'a, T> {
        let n = self.outputs_share;
        Mat::rows(&columns[group * n * self.patch..], self.patch, n, n)
    }

    /// Weights `[outputs of the group, patch]` of one group.
    fn weights<'a, T>(&self, w: &'a [T], group: usize) -> Mat<'a, T> {
        let n = self.outputs_share;
        Mat::rows(&w[group * n * self.patch..], n, self.patch, self.patch)
    }

    /// Outputs `[places, outputs of the group]` of one group, of direction `j` of `k`.
    fn outputs_of<'a, T>(&self, y: &'a [T], group: usize, (j, k): (usize, usize)) -> Mat<'a, T> {
        Mat::rows(
            &y[self.first_output(group, j)..],
            self.places,
            self.outputs_share,
            k * self.outputs,
        )
    }

    fn first_output(&self, group: usize, j: usize) -> usize {
        j * self.outputs + group * self.outputs_share
    }

    fn patches<'a, T>(&self, patches: &'a [T]) -> Mat<'a, T> {
        Mat::rows(patches, self.places, self.patch, self.patch)
    }
}

/// y = x ∗ w.
pub(crate) fn conv(x: &Tensor, w: &Tensor, filter: Filter) -> Result<Tensor> {
    by_dtype!(x, T => {
        let s = Sizes::new(w, filter)?;
        let (image, output, patches) = s.lengths();
        let n = Sizes::images(x.dim(0)?, s.pixels);
        let (xs, w, device) = (view(x)?, view(w)?, x.device());
        let w = s.columns(w.slice::<T>()?);
        let (mut ys, mut patches) = (vec![T::ZERO; n * output], vec![T::ZERO; patches]);
        for (x, y) in xs.slice::<T>()?.chunks_exact(image).zip(ys.chunks_exact_mut(output)) {
            for group in 0..s.groups {
                gather(x, s.channels_of(group, (0, 1)), &s.window, &mut patches);
                let y = &mut y[s.first_output(group, 0)..];
                let w = s.columns_of(&w, group);
                multiply(y, s.outputs, Into::Fresh, s.patches(&patches), w);
            }
        }
        Tensor::from_vec(ys, (n * s.places, s.outputs), device)
    })
}

/// ∂/∂w = Σ gᵀ·patches.
pub(crate) fn conv_backward_weight(
    x: &Tensor,
    g: &Tensor,
    w: &Tensor,
    filter: Filter,
) -> Result<Tensor> {
    by_dtype!(x, T => {
        let s = Sizes::new(w, filter)?;
        let (image, output, patches) = s.lengths();
        let (xs, gs, device) = (view(x)?, view(g)?, x.device());
        let (mut dw, mut patches) = (vec![T::ZERO; w.elem_count()], vec![T::ZERO; patches]);
        let images = xs.slice::<T>()?.chunks_exact(image);
        for (x, g) in images.zip(gs.slice::<T>()?.chunks_exact(output)) {
            for (group, dw) in dw.chunks_exact_mut(s.outputs_share * s.patch).enumerate() {
                gather(x, s.channels_of(group, (0, 1)), &s.window, &mut patches);
                let g = s.outputs_of(g, group, (0, 1)).transposed();
                multiply(dw, s.patch, Into::Sum, g, s.patches(&patches));
            }
        }
        Tensor::from_vec(dw, w.dims(), device)
    })
}

/// ∂/∂x: the sums of g·w over the patches that a pixel is in.
pub(crate) fn conv_backward_input(g: &Tensor, w: &Tensor, filter: Filter) -> Result<Tensor> {
    if let Some(back) = filter.turned() {
        return conv(g, &turned(w, filter)?, back);
    }
    by_dtype!(g, T => {
        let s = Sizes::new(w, filter)?;
        let (image, output, patches) = s.lengths();
        let n = Sizes::images(g.dim(0)?, s.places);
        let (gs, w, device) = (view(g)?, view(w)?, g.device());
        let w = w.slice::<T>()?;
        let (mut dxs, mut patches) = (vec![T::ZERO; n * image], vec![T::ZERO; patches]);
        for (g, dx) in gs.slice::<T>()?.chunks_exact(output).zip(dxs.chunks_exact_mut(image)) {
            for group in 0..s.groups {
                let g = s.outputs_of(g, group, (0, 1));
                multiply(&mut patches, s.patch, Into::Fresh, g, s.weights(w, group));
                scatter(&patches, s.channels_of(group, (0, 1)), &s.window, dx);
            }
        }
        Tensor::from_vec(dxs, (n * s.pixels, s.channels), device)
    })
}

/// dy = x ∗ dw + dx ∗ w, where `dx` is `None` for the network's own input.
pub(crate) fn conv_tangent(
    x: &Tensor,
    dx: Option<&Tensor>,
    w: &Tensor,
    dw: &Tensor,
    filter: Filter,
) -> Result<Tensor> {
    by_dtype!(x, T => {
        let s = Sizes::new(w, filter)?;
        let (image, output, patches) = s.lengths();
        let (n, k) = (Sizes::images(x.dim(0)?, s.pixels), dw.dim(0)?);
        let (xs, dxs, device) = (view(x)?, dx.map(view).transpose()?, x.device());
        let (w, dw) = (view(w)?, view(dw)?);
        let (w, dw) = (s.columns(w.slice::<T>()?), s.columns(dw.slice::<T>()?));
        let dxs = dxs.as_ref().map(|dxs| dxs.slice::<T>()).transpose()?;
        let (mut dys, mut patches) = (vec![T::ZERO; n * k * output], vec![T::ZERO; patches]);
        let images = xs.slice::<T>()?.chunks_exact(image).zip(dys.chunks_exact_mut(k * output));
        for (i, (x, dy)) in images.enumerate() {
            for group in 0..s.groups {
                gather(x, s.channels_of(group, (0, 1)), &s.window, &mut patches);
                for (j, dw) in dw.chunks_exact(w.len()).enumerate() {
                    let dy = &mut dy[s.first_output(group, j)..];
                    let dw = s.columns_of(dw, group);
                    multiply(dy, k * s.outputs, Into::Fresh, s.patches(&patches), dw);
                }
                let Some(dxs) = dxs else { continue };
                let dx = &dxs[i * k * image..][..k * image];
                for j in 0..k {
                    gather(dx, s.channels_of(group, (j, k)), &s.window, &mut patches);
                    let dy = &mut dy[s.first_output(group, j)..];
                    let w = s.columns_of(&w, group);
                    multiply(dy, k * s.outputs, Into::Sum, s.patches(&patches), w);
                }
            }
        }
        Tensor::from_vec(dys, (n * s.places, k, s.outputs), device)
    })
}

/// d(∂/∂w) = Σ dgᵀ·patches + gᵀ·(patches of dx).
pub(crate) fn conv_tangent_backward_weight(
    x: &Tensor,
    dx: Option<&Tensor>,
    (g, dg): (&Tensor, &Tensor),
    w: &Tensor,
    filter: Filter,
) -> Result<Tensor> {
    by_dtype!(x, T => {
        let s = Sizes::new(w, filter)?;
        let (image, output, patches) = s.lengths();
        let (k, n_weights) = (dg.dim(1)?, w.elem_count());
        let (xs, dxs, device) = (view(x)?, dx.map(view).transpose()?, x.device());
        let dxs = dxs.as_ref().map(|dxs| dxs.slice::<T>()).transpose()?;
        let (gs, dgs) = (view(g)?, view(dg)?);
        let outputs = gs.slice::<T>()?.chunks_exact(output);
        let outputs = outputs.zip(dgs.slice::<T>()?.chunks_exact(k * output));
        let (mut ddw, mut patches) = (vec![T::ZERO; k * n_weights], vec![T::ZERO; patches]);
        for (i, (x, (g, dg))) in xs.slice::<T>()?.chunks_exact(image).zip(outputs).enumerate() {
            for group in 0..s.groups {
                let first = group * s.outputs_share * s.patch;
                gather(x, s.channels_of(group, (0, 1)), &s.window, &mut patches);
                for (j, ddw) in ddw.chunks_exact_mut(n_weights).enumerate() {
                    let dg = s.outputs_of(dg, group, (j, k)).transposed();
                    multiply(&mut ddw[first..], s.patch, Into::Sum, dg, s.patches(&patches));
                }
                let Some(dxs) = dxs else { continue };
                let dx = &dxs[i * k * image..][..k * image];
                for (j, ddw) in ddw.chunks_exact_mut(n_weights).enumerate() {
                    gather(dx, s.channels_of(group, (j, k)), &s.window, &mut patches);
                    let g = s.outputs_of(g, group, (0, 1)).transposed();
                    multiply(&mut ddw[first..], s.patch, Into::Sum, g, s.patches(&patches));
                }
            }
        }
        let shape: Vec<usize> = std::iter::once(k).chain(w.dims().iter().copied()).collect();
        Tensor::from_vec(ddw, shape, device)
    })
}

/// d(∂/∂x): the sums of dg·w + g·dw over the patches that a pixel is in.
pub(crate) fn conv_tangent_backward_input(
    g: &Tensor,
    dg: &Tensor,
    w: &Tensor,
    dw: &Tensor,
    filter: Filter,
) -> Result<Tensor> {
    if let Some(back) = filter.turned() {
        return conv_tangent(g, Some(dg), &turned(w, filter)?, &turned(dw, filter)?, back);
    }
    by_dtype!(g, T => {
        let s = Sizes::new(w, filter)?;
        let (image, output, patches) = s.lengths();
        let (n, k) = (Sizes::images(g.dim(0)?, s.places), dw.dim(0)?);
        let (gs, dgs, device) = (view(g)?, view(dg)?, g.device());
        let (w, dw) = (view(w)?, view(dw)?);
        let (w, dw) = (w.slice::<T>()?, dw.slice::<T>()?);
        let (mut ddxs, mut patches) = (vec![T::ZERO; n * k * image], vec![T::ZERO; patches]);
        let outputs = gs.slice::<T>()?.chunks_exact(output);
        let outputs = outputs.zip(dgs.slice::<T>()?.chunks_exact(k * output));
        for ((g, dg), ddx) in outputs.zip(ddxs.chunks_exact_mut(k * image)) {
            for group in 0..s.groups {
                for (j, dw) in dw.chunks_exact(w.len()).enumerate() {
                    let dg = s.outputs_of(dg, group, (j, k));
                    multiply(&mut patches, s.patch, Into::Fresh, dg, s.weights(w, group));
                    let g = s.outputs_of(g, group, (0, 1));
                    multiply(&mut patches, s.patch, Into::Sum, g, s.weights(dw, group));
                    scatter(&patches, s.channels_of(group, (j, k)), &s.window, ddx);
                }
            }
        }
        Tensor::from_vec(ddxs, (n * s.pixels, k, s.channels), device)
    })
}

/// Weights (of several directions) turned by 180°, with channels and outputs exchanged in every
/// group: the convolution of gradients with them is that of the window turned.
fn turned(w: &Tensor, filter: Filter) -> Result<Tensor> {
    by_dtype!(w, T => {
        let (groups, area) = (filter.groups, filter.window.kernel.positions());
        let mut shape = w.dims().to_vec();
        let [.., outputs, _, _, share] = shape.as_mut_slice() else { bail!("weights have four axes") };
        let (n, m) = (*outputs / groups, *share);
        (*outputs, *share) = (groups * m, n);
        let view = view(w)?;
        let mut turned = vec![T::ZERO; w.elem_count()];
        let blocks = view.slice::<T>()?.chunks_exact(n * area * m);
        for (w, turned) in blocks.zip(turned.chunks_exact_mut(n * area * m)) {
            for (index, to) in turned.iter_mut().enumerate() {
                let (channel, pixel, output) = (index / (area * n), index / n % area, index % n);
                *to = w[(output * area + area - 1 - pixel) * m + channel];
            }
        }
        Tensor::from_vec(turned, shape, w.device())
    })
}
