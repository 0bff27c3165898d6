//! Pooling composed of candle operations, with pixels selected by index. Shapes as in `kernel`.

use candle_core::{DType, Result, Tensor};

use crate::net::ops::conv::covered;
use crate::net::sliding_window::Window;

/// The pixels under each window, `[n, q, t, d]` for t pixels of d features, of rows `[n·h·w, …]`.
fn under_windows(x: &Tensor, window: &Window) -> Result<Tensor> {
    let (pixels, places) = (window.image.positions(), window.output().positions());
    let x = x.flatten_from(1)?.reshape(((), pixels, x.elem_count() / x.dim(0)?))?;
    let d = x.dim(2)?;
    let pixels = x.contiguous()?.index_select(&covered(window, x.device())?, 1)?;
    pixels.reshape(((), places, window.kernel.positions(), d))
}

/// Means over windows.
pub(crate) fn mean_pool(x: &Tensor, window: Window) -> Result<Tensor> {
    let means = under_windows(x, &window)?.mean(2)?;
    let shape: Vec<usize> = x.dims()[1..].to_vec();
    means.reshape([&[means.dim(0)? * means.dim(1)?], shape.as_slice()].concat())
}

/// Transpose of [`mean_pool`].
pub(crate) fn mean_pool_backward(g: &Tensor, window: Window) -> Result<Tensor> {
    let (pixels, places) = (window.image.positions(), window.output().positions());
    let t = window.kernel.positions();
    let d = g.elem_count() / g.dim(0)?;
    let g_each = (g.reshape(((), places, 1, d))? / t as f64)?.broadcast_as((
        g.dim(0)? / places,
        places,
        t,
        d,
    ))?;
    let g_each = g_each.contiguous()?.reshape(((), places * t, d))?;
    let zeros = Tensor::zeros((g_each.dim(0)?, pixels, d), g.dtype(), g.device())?;
    let sums = zeros.index_add(&covered(&window, g.device())?, &g_each, 1)?;
    sums.reshape([&[g.dim(0)? / places * pixels], &g.dims()[1..]].concat())
}

/// Maxima over windows, and the index of each maximum's pixel in its image (u32).
pub(crate) fn max_pool(x: &Tensor, window: Window) -> Result<(Tensor, Tensor)> {
    let values = under_windows(x, &window)?;
    let (n, places, t, d) = values.dims4()?;
    let which = values.argmax(2)?.to_dtype(DType::U32)?;
    let pixels = covered(&window, x.device())?.reshape((1, places, t, 1))?;
    let pixels = pixels.broadcast_as((n, places, t, d))?.contiguous()?;
    let chosen = pixels.gather(&which.unsqueeze(2)?.contiguous()?, 2)?;
    Ok((values.max(2)?.reshape((n * places, d))?, chosen.reshape((n * places, d))?))
}

/// The chosen pixels repeated for k directions: `[n, q, k·d]`.
fn chosen_of_all(chosen: &Tensor, window: &Window, k: usize) -> Result<Tensor> {
    let (n_rows, d) = chosen.dims2()?;
    let chosen = chosen.unsqueeze(1)?.broadcast_as((n_rows, k, d))?.contiguous()?;
    chosen.reshape(((), window.output().positions(), k * d))
}

/// Selects the tangents `[n·h·w, k, d]` of the chosen pixels.
pub(crate) fn max_pool_tangent(dx: &Tensor, chosen: &Tensor, window: Window) -> Result<Tensor> {
    let (_, k, d) = dx.dims3()?;
    let dx = dx.reshape(((), window.image.positions(), k * d))?;
    dx.gather(&chosen_of_all(chosen, &window, k)?, 1)?.reshape(((), k, d))
}

/// Transpose of [`max_pool_tangent`].
pub(crate) fn max_pool_backward(dg: &Tensor, chosen: &Tensor, window: Window) -> Result<Tensor> {
    let (n_rows, k, d) = dg.dims3()?;
    let (pixels, places) = (window.image.positions(), window.output().positions());
    let zeros = Tensor::zeros((n_rows / places, pixels, k * d), dg.dtype(), dg.device())?;
    let dg = dg.reshape(((), places, k * d))?;
    zeros.scatter_add(&chosen_of_all(chosen, &window, k)?, &dg, 1)?.reshape(((), k, d))
}
