//! Fused CPU kernels of pooling. Columns are independent, so tangents `[n·p, k, d]` are pooled as
//! `[n·p, k·d]`.

use candle_core::{Result, Tensor};

use crate::net::simd::{Real, by_dtype, view};
use crate::net::sliding_window::Window;

/// Calls `f` with every placement of the window and every pixel it covers.
#[expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]
#[inline(always)]
fn each_covered(window: &Window, mut f: impl FnMut(usize, usize)) {
    let output = window.output();
    for y in 0..output.height {
        for x in 0..output.width {
            for ky in window.rows(y) {
                for kx in window.columns(x) {
                    let pixel =
                        window.under_row(y, ky) * window.image.width + window.under_column(x, kx);
                    f(y * output.width + x, pixel);
                }
            }
        }
    }
}

/// Means over windows: rows `[n·h·w, …]` to `[n·q, …]`.
pub(crate) fn mean_pool(x: &Tensor, window: Window) -> Result<Tensor> {
    by_dtype!(x, T => {
        let (pixels, places) = (window.image.positions(), window.output().positions());
        let (n, d) = (x.dim(0)? / pixels, x.elem_count() / x.dim(0)?.max(1));
        let scale = T::of(1.0 / window.kernel.positions() as f64);
        let view = view(x)?;
        let mut means = vec![T::ZERO; n * places * d];
        let images = view.slice::<T>()?.chunks_exact(pixels * d);
        for (image, means) in images.zip(means.chunks_exact_mut(places * d)) {
            each_covered(&window, |place, pixel| {
                for (mean, x) in means[place * d..][..d].iter_mut().zip(&image[pixel * d..][..d]) {
                    *mean += *x * scale;
                }
            });
        }
        Tensor::from_vec(means, with_rows(x, n * places), x.device())
    })
}

/// Transpose of [`mean_pool`]: rows `[n·q, …]` to `[n·h·w, …]`.
pub(crate) fn mean_pool_backward(g: &Tensor, window: Window) -> Result<Tensor> {
    by_dtype!(g, T => {
        let (pixels, places) = (window.image.positions(), window.output().positions());
        let (n, d) = (g.dim(0)? / places, g.elem_count() / g.dim(0)?.max(1));
        let scale = T::of(1.0 / window.kernel.positions() as f64);
        let view = view(g)?;
        let mut dxs = Vec::with_capacity(n * pixels * d);
        let mut dx = vec![T::ZERO; pixels * d];
        for g in view.slice::<T>()?.chunks_exact(places * d) {
            if window.stride < window.kernel.height.max(window.kernel.width) {
                dx.fill(T::ZERO);
                each_covered(&window, |place, pixel| {
                    for (dx, g) in dx[pixel * d..][..d].iter_mut().zip(&g[place * d..][..d]) {
                        *dx += *g * scale;
                    }
                });
            } else {
                // Windows do not overlap; pixels outside all windows stay 0.
                each_covered(&window, |place, pixel| {
                    for (dx, g) in dx[pixel * d..][..d].iter_mut().zip(&g[place * d..][..d]) {
                        *dx = *g * scale;
                    }
                });
            }
            dxs.extend_from_slice(&dx);
        }
        Tensor::from_vec(dxs, with_rows(g, n * pixels), g.device())
    })
}

/// Maxima over windows `[n·q, d]` of x `[n·h·w, d]`, and the index of each maximum's pixel in its
/// image (u32); the first of several equal maxima.
#[expect(clippy::cast_possible_truncation, reason = "images have fewer than 2³² pixels")]
pub(crate) fn max_pool(x: &Tensor, window: Window) -> Result<(Tensor, Tensor)> {
    by_dtype!(x, T => {
        let (pixels, places) = (window.image.positions(), window.output().positions());
        let ((n_rows, d), device) = (x.dims2()?, x.device());
        let n = n_rows / pixels;
        let view = view(x)?;
        let mut maxima = vec![T::of(f64::NEG_INFINITY); n * places * d];
        let mut chosen = vec![0_u32; n * places * d];
        let images = view.slice::<T>()?.chunks_exact(pixels * d);
        let outputs = maxima.chunks_exact_mut(places * d).zip(chosen.chunks_exact_mut(places * d));
        for (image, (maxima, chosen)) in images.zip(outputs) {
            each_covered(&window, |place, pixel| {
                let (maxima, chosen) = (&mut maxima[place * d..][..d], &mut chosen[place * d..][..d]);
                let x = &image[pixel * d..][..d];
                for j in 0..d {
                    // NaN propagates.
                    let is_larger = x[j] > maxima[j] || x[j].wide().is_nan();
                    maxima[j] = if is_larger { x[j] } else { maxima[j] };
                    chosen[j] = if is_larger { pixel as u32 } else { chosen[j] };
                }
            });
        }
        Ok((
            Tensor::from_vec(maxima, (n * places, d), device)?,
            Tensor::from_vec(chosen, (n * places, d), device)?,
        ))
    })
}

/// Selects the tangents of the chosen pixels: `[n·h·w, k, d]` to `[n·q, k, d]`.
pub(crate) fn max_pool_tangent(dx: &Tensor, chosen: &Tensor, window: Window) -> Result<Tensor> {
    by_dtype!(dx, T => {
        let (pixels, places) = (window.image.positions(), window.output().positions());
        let (_, k, d) = dx.dims3()?;
        let (dxs, chosen) = (view(dx)?, view(chosen)?);
        let (dxs, chosen) = (dxs.slice::<T>()?, chosen.slice::<u32>()?);
        let mut dy = vec![T::ZERO; chosen.len() * k];
        let rows = dy.chunks_exact_mut(k * d).zip(chosen.chunks_exact(d)).enumerate();
        for (row, (dy, chosen)) in rows {
            let image = &dxs[row / places * pixels * k * d..];
            for (j, dy) in dy.chunks_exact_mut(d).enumerate() {
                for (column, (dy, pixel)) in dy.iter_mut().zip(chosen).enumerate() {
                    *dy = image[(*pixel as usize * k + j) * d + column];
                }
            }
        }
        Tensor::from_vec(dy, (chosen.len() / d, k, d), dx.device())
    })
}

/// Transpose of [`max_pool_tangent`]: `[n·q, k, d]` to `[n·h·w, k, d]`.
pub(crate) fn max_pool_backward(dg: &Tensor, chosen: &Tensor, window: Window) -> Result<Tensor> {
    by_dtype!(dg, T => {
        let (pixels, places) = (window.image.positions(), window.output().positions());
        let (n_rows, k, d) = dg.dims3()?;
        let (dgs, chosen) = (view(dg)?, view(chosen)?);
        let n = n_rows / places;
        let mut dxs = vec![T::ZERO; n * pixels * k * d];
        let rows = dgs.slice::<T>()?.chunks_exact(k * d).zip(chosen.slice::<u32>()?.chunks_exact(d));
        for (row, (dg, chosen)) in rows.enumerate() {
            let image = &mut dxs[row / places * pixels * k * d..];
            for (j, dg) in dg.chunks_exact(d).enumerate() {
                for (column, (dg, pixel)) in dg.iter().zip(chosen).enumerate() {
                    image[(*pixel as usize * k + j) * d + column] += *dg;
                }
            }
        }
        Tensor::from_vec(dxs, (n * pixels, k, d), dg.device())
    })
}

/// The shape of `like` with another number of rows.
fn with_rows(like: &Tensor, n_rows: usize) -> Vec<usize> {
    std::iter::once(n_rows).chain(like.dims()[1..].iter().copied()).collect()
}
