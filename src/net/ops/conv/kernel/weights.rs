//! Gradients of a convolution's weights: patches of padded images times output gradients, summed
//! over images in order. Single-threaded; shapes as in `values`.

use candle_core::{Result, Tensor};

use super::padded::Padded;
use super::sizes::{Sizes, add};
use crate::net::simd::blocks::{Factor, Strides, Terms, sum_rows};
use crate::net::simd::{Direction, Real, by_dtype, view};
use crate::net::sliding_window::Filter;

/// ∂/∂w = Σ gᵀ·(patches of x).
pub(crate) fn conv_backward_weight(
    x: &Tensor,
    g: &Tensor,
    w: &Tensor,
    filter: Filter,
) -> Result<Tensor> {
    by_dtype!(x, T => {
        let s = Sizes::new::<T>(w, filter)?;
        let (image, output) = s.lengths();
        let (xs, gs, device) = (view(x)?, view(g)?, x.device());
        let mut padded = Padded::new(s.window, s.share, s.groups);
        let (mut sums, mut space) = (vec![T::ZERO; s.len_of_panels()], Vec::new());
        let images = xs.slice::<T>()?.chunks_exact(image);
        for (x, g) in images.zip(gs.slice::<T>()?.chunks_exact(output)) {
            padded.load(x);
            let g = readable(&s, g, &mut space);
            add_image(&s, &padded, 0, g, Direction::NONE, &mut sums);
        }
        let mut dw = vec![T::ZERO; w.elem_count()];
        s.unpack(&sums, &mut dw);
        Tensor::from_vec(dw, w.dims(), device)
    })
}

/// d(∂/∂w) = Σ dgᵀ·(patches of x) + gᵀ·(patches of dx).
pub(crate) fn conv_tangent_backward_weight(
    x: &Tensor,
    dx: Option<&Tensor>,
    g: &Tensor,
    dg: &Tensor,
    w: &Tensor,
    filter: Filter,
) -> Result<Tensor> {
    by_dtype!(x, T => {
        let s = Sizes::new::<T>(w, filter)?;
        let ((image, output), k) = (s.lengths(), dg.dim(1)?);
        let (xs, dxs, device) = (view(x)?, dx.map(view).transpose()?, x.device());
        let dxs = dxs.as_ref().map(|dxs| dxs.slice::<T>()).transpose()?;
        let (gs, dgs) = (view(g)?, view(dg)?);
        let outputs = gs.slice::<T>()?.chunks_exact(output);
        let outputs = outputs.zip(dgs.slice::<T>()?.chunks_exact(k * output));
        let mut padded = Padded::new(s.window, s.share, s.groups);
        let mut moved = dxs.map(|dxs| (dxs, Padded::new(s.window, s.share, k * s.groups)));
        let (mut sums, mut space) = (vec![T::ZERO; k * s.len_of_panels()], [Vec::new(), Vec::new()]);
        let [of_g, of_dg] = &mut space;
        for (i, (x, (g, dg))) in xs.slice::<T>()?.chunks_exact(image).zip(outputs).enumerate() {
            padded.load(x);
            if let Some((dxs, moved)) = &mut moved {
                moved.load(&dxs[i * k * image..][..k * image]);
            }
            let (g, dg) = (readable(&s, g, of_g), readable(&s, dg, of_dg));
            for (at, sums) in Direction::all(k).zip(sums.chunks_exact_mut(s.len_of_panels())) {
                add_image(&s, &padded, 0, dg, at, sums);
                if let Some((_, moved)) = &moved {
                    add_image(&s, moved, at.j * s.groups, g, Direction::NONE, sums);
                }
            }
        }
        let mut ddw = vec![T::ZERO; k * w.elem_count()];
        let directions = ddw.chunks_exact_mut(w.elem_count());
        for (sums, ddw) in sums.chunks_exact(s.len_of_panels()).zip(directions) {
            s.unpack(sums, ddw);
        }
        let shape: Vec<usize> = std::iter::once(k).chain(w.dims().iter().copied()).collect();
        Tensor::from_vec(ddw, shape, device)
    })
}

/// An image's gradients, followed by padding if the last panel extends beyond the outputs, so whole
/// panels can be read at every output pixel. `space` is the buffer.
fn readable<'a, T: Real>(s: &Sizes, g: &'a [T], space: &'a mut Vec<T>) -> &'a [T] {
    if s.outputs_share.is_multiple_of(s.panel) {
        return g;
    }
    space.clear();
    space.extend_from_slice(g);
    space.resize(g.len() + s.panel, T::ZERO);
    space
}

/// Adds the contribution of one image, whose padded groups start at index `first`, and of one
/// direction of its gradients to panels of sums.
fn add_image<T: Real>(
    s: &Sizes,
    padded: &Padded<T>,
    first: usize,
    g: &[T],
    at: Direction,
    sums: &mut [T],
) {
    if s.panel == 16 {
        add_image_by::<T, 16>(s, padded, first, g, at, sums);
    } else {
        add_image_by::<T, 8>(s, padded, first, g, at, sums);
    }
}

fn add_image_by<T: Real, const W: usize>(
    s: &Sizes,
    padded: &Padded<T>,
    first: usize,
    g: &[T],
    at: Direction,
    sums: &mut [T],
) {
    let Direction { j, k } = at;
    let (places, term) = (s.window.output(), k * s.outputs);
    let terms = Terms { n_segments: places.height, n_terms: places.width };
    let strides = Strides { row: 0, term, segment: places.width * term };
    let n_rows = s.window.kernel.width * s.share;
    let panels = sums.chunks_exact_mut(s.patch * W);
    for ((group, output, _), panel) in s.panels_of_groups().zip(panels) {
        let g = Factor { data: &g[j * s.outputs + output..], strides };
        for (y, panel) in panel.chunks_exact_mut(n_rows * W).enumerate() {
            let patches = padded.window_row(first + group, y);
            sum_rows::<T, W>(n_rows, patches, g, terms, |row, sums| {
                add(&mut panel[row * W..][..W], sums);
            });
        }
    }
}
