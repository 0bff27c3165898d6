//! Gradients of a convolution's weights: products of what the window sees of framed images with the
//! gradients of its places, summed image by image in order.
//! One thread; shapes as in `values`.

use candle_core::{Result, Tensor};

use super::frames::Frames;
use super::sizes::{Sizes, add};
use crate::net::simd::blocks::{Factor, Terms, Walk, sum_rows};
use crate::net::simd::{Direction, Real, by_dtype, view};
use crate::net::window::Filter;

/// ∂/∂w = Σ gᵀ·(what the window sees of x).
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
        let mut frames = Frames::new(s.window, s.share, s.groups);
        let (mut sums, mut space) = (vec![T::ZERO; s.len_of_panels()], Vec::new());
        let images = xs.slice::<T>()?.chunks_exact(image);
        for (x, g) in images.zip(gs.slice::<T>()?.chunks_exact(output)) {
            frames.load(x);
            let g = readable(&s, g, &mut space);
            add_image(&s, &frames, 0, g, Direction::NONE, &mut sums);
        }
        let mut dw = vec![T::ZERO; w.elem_count()];
        s.unpack(&sums, &mut dw);
        Tensor::from_vec(dw, w.dims(), device)
    })
}

/// d(∂/∂w) = Σ dgᵀ·(what the window sees of x) + gᵀ·(what it sees of dx).
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
        let mut frames = Frames::new(s.window, s.share, s.groups);
        let mut moved = dxs.map(|dxs| (dxs, Frames::new(s.window, s.share, k * s.groups)));
        let (mut sums, mut space) = (vec![T::ZERO; k * s.len_of_panels()], [Vec::new(), Vec::new()]);
        let [of_g, of_dg] = &mut space;
        for (i, (x, (g, dg))) in xs.slice::<T>()?.chunks_exact(image).zip(outputs).enumerate() {
            frames.load(x);
            if let Some((dxs, moved)) = &mut moved {
                moved.load(&dxs[i * k * image..][..k * image]);
            }
            let (g, dg) = (readable(&s, g, of_g), readable(&s, dg, of_dg));
            for (at, sums) in Direction::all(k).zip(sums.chunks_exact_mut(s.len_of_panels())) {
                add_image(&s, &frames, 0, dg, at, sums);
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

/// An image's gradients so that whole panels of outputs can be read at every place: with numbers
/// after the last where a panel goes on beyond the outputs.
fn readable<'a, T: Real>(s: &Sizes, g: &'a [T], space: &'a mut Vec<T>) -> &'a [T] {
    if s.outputs_share.is_multiple_of(s.panel) {
        return g;
    }
    space.clear();
    space.extend_from_slice(g);
    space.resize(g.len() + s.panel, T::ZERO);
    space
}

/// Adds what one image, whose groups are framed from `first` on, and one direction of its gradients
/// give to panels of sums.
fn add_image<T: Real>(
    s: &Sizes,
    frames: &Frames<T>,
    first: usize,
    g: &[T],
    at: Direction,
    sums: &mut [T],
) {
    if s.panel == 16 {
        add_image_by::<T, 16>(s, frames, first, g, at, sums);
    } else {
        add_image_by::<T, 8>(s, frames, first, g, at, sums);
    }
}

fn add_image_by<T: Real, const W: usize>(
    s: &Sizes,
    frames: &Frames<T>,
    first: usize,
    g: &[T],
    at: Direction,
    sums: &mut [T],
) {
    let Direction { j, k } = at;
    let (places, term) = (s.window.output(), k * s.outputs);
    let terms = Terms { n_segments: places.height, n_terms: places.width };
    let walk = Walk { row: 0, term, segment: places.width * term };
    let n_rows = s.window.kernel.width * s.share;
    let panels = sums.chunks_exact_mut(s.patch * W);
    for ((group, output, _), panel) in s.panels_of_groups().zip(panels) {
        let g = Factor { data: &g[j * s.outputs + output..], walk };
        for (y, panel) in panel.chunks_exact_mut(n_rows * W).enumerate() {
            let seen = frames.numbers(first + group, y);
            sum_rows::<T, W>(n_rows, seen, g, terms, |row, sums| {
                add(&mut panel[row * W..][..W], sums);
            });
        }
    }
}
