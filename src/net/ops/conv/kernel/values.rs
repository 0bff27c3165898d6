//! The convolution of images and of their tangents: patches of zero-padded images times weights,
//! one output row at a time. Single-threaded, images in order, which fixes the order of summation.
//!
//! Shapes: x `[n·h·w, c]`, w `[o, kh, kw, c/groups]`, outputs `[n·q, o]` for q output pixels;
//! tangents have the k directions in the middle, weight tangents in front.
//!
//! Patches are not copied (no im2col): with channels last, each row of a patch is contiguous
//! whatever the stride. The products are as fast as the gemm crate's on copied patches (measured on
//! 32×32 pixels of 3 channels, and 16×16 and 8×8 of 32).

use candle_core::{Result, Tensor};

use super::padded::Padded;
use super::sizes::{Sizes, To};
use crate::net::simd::gemm::Into;
use crate::net::simd::{Direction, Real, by_dtype, view};
use crate::net::sliding_window::Filter;

/// y = x ∗ w.
pub(crate) fn conv(x: &Tensor, w: &Tensor, filter: Filter) -> Result<Tensor> {
    by_dtype!(x, T => {
        let s = Sizes::new::<T>(w, filter)?;
        let ((image, output), places) = (s.lengths(), s.window.output());
        let n = Sizes::images(x.dim(0)?, s.pixels);
        let (xs, w, device) = (view(x)?, view(w)?, x.device());
        let panels = s.panels(w.slice::<T>()?);
        let mut padded = Padded::new(s.window, s.share, s.groups);
        let mut row = vec![T::ZERO; places.width * s.outputs];
        let mut ys = Vec::with_capacity(n * output);
        for x in xs.slice::<T>()?.chunks_exact(image) {
            padded.load(x);
            for y in 0..places.height {
                let to = To { row: &mut row, at: Direction::NONE, into: Into::Fresh };
                s.multiply(y, &padded, 0, &panels, to);
                ys.extend_from_slice(&row);
            }
        }
        Tensor::from_vec(ys, (n * s.places, s.outputs), device)
    })
}

/// dy = x ∗ dw + dx ∗ w; `None` is dx = 0.
pub(crate) fn conv_tangent(
    x: &Tensor,
    dx: Option<&Tensor>,
    w: &Tensor,
    dw: &Tensor,
    filter: Filter,
) -> Result<Tensor> {
    by_dtype!(x, T => {
        let s = Sizes::new::<T>(w, filter)?;
        let ((image, output), places) = (s.lengths(), s.window.output());
        let (n, k) = (Sizes::images(x.dim(0)?, s.pixels), dw.dim(0)?);
        let (xs, dxs, device) = (view(x)?, dx.map(view).transpose()?, x.device());
        let (w, dw) = (view(w)?, view(dw)?);
        let (w, dw) = (s.panels(w.slice::<T>()?), s.panels(dw.slice::<T>()?));
        let dxs = dxs.as_ref().map(|dxs| dxs.slice::<T>()).transpose()?;
        let mut padded = Padded::new(s.window, s.share, s.groups);
        let mut moved = dxs.map(|dxs| (dxs, Padded::new(s.window, s.share, k * s.groups)));
        let mut row = vec![T::ZERO; places.width * k * s.outputs];
        let mut dys = Vec::with_capacity(n * k * output);
        for (i, x) in xs.slice::<T>()?.chunks_exact(image).enumerate() {
            padded.load(x);
            if let Some((dxs, moved)) = &mut moved {
                moved.load(&dxs[i * k * image..][..k * image]);
            }
            for y in 0..places.height {
                for (at, dw) in Direction::all(k).zip(dw.chunks_exact(s.len_of_panels())) {
                    let to = To { row: &mut row, at, into: Into::Fresh };
                    s.multiply(y, &padded, 0, dw, to);
                    if let Some((_, moved)) = &moved {
                        let to = To { row: &mut row, at, into: Into::Sum };
                        s.multiply(y, moved, at.j * s.groups, &w, to);
                    }
                }
                dys.extend_from_slice(&row);
            }
        }
        Tensor::from_vec(dys, (n * s.places, k, s.outputs), device)
    })
}
