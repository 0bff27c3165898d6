//! The convolution composed of candle operations: patches by index, and matrix products. Shapes as
//! in `kernel`; values are tangents with k = 1.

use candle_core::{Device, Error, Result, Tensor};

use crate::net::sliding_window::{Filter, Window};

/// Image pixel under every pixel of the window at every placement; one past the last pixel if it is
/// padding.
pub(crate) fn covered(window: &Window, device: &Device) -> Result<Tensor> {
    let (kernel, output, image) = (window.kernel, window.output(), window.image);
    let mut pixels = Vec::new();
    for place in 0..output.positions() {
        let (y, x) = (place / output.width, place % output.width);
        for offset in 0..kernel.positions() {
            let (ky, kx) = (offset / kernel.width, offset % kernel.width);
            let is_inside = window.rows(y).contains(&ky) && window.columns(x).contains(&kx);
            let pixel = || window.under_row(y, ky) * image.width + window.under_column(x, kx);
            let pixel = if is_inside { pixel() } else { image.positions() };
            pixels.push(u32::try_from(pixel).map_err(Error::wrap)?);
        }
    }
    Tensor::new(pixels, device)
}

/// Patches `[n·q, k, t, c]` of `[n·h·w, k, c]`, for the t pixels of a window.
fn patches(x: &Tensor, window: &Window) -> Result<Tensor> {
    let (_, k, c) = x.dims3()?;
    let x = x.reshape(((), window.image.positions(), k * c))?.pad_with_zeros(1, 0, 1)?;
    let seen = x.contiguous()?.index_select(&covered(window, x.device())?, 1)?;
    seen.reshape(((), window.kernel.positions(), k, c))?.transpose(1, 2)?.contiguous()
}

/// Transpose of [`patches`].
fn summed(patches: &Tensor, window: &Window) -> Result<Tensor> {
    let (_, k, t, c) = patches.dims4()?;
    let (pixels, places) = (window.image.positions(), window.output().positions());
    let seen = patches.transpose(1, 2)?.contiguous()?.reshape(((), places * t, k * c))?;
    let zeros = Tensor::zeros((seen.dim(0)?, pixels + 1, k * c), seen.dtype(), seen.device())?;
    let sums = zeros.index_add(&covered(window, seen.device())?, &seen, 1)?;
    sums.narrow(1, 0, pixels)?.contiguous()?.reshape(((), k, c))
}

/// The channels of one group along the last axis.
fn share(x: &Tensor, group: usize, groups: usize) -> Result<Tensor> {
    let axis = x.rank() - 1;
    let len = x.dim(axis)? / groups;
    x.narrow(axis, group * len, len)?.contiguous()
}

/// One group of weights `[k, o, kh, kw, c]` as `[k, o/groups, kh·kw·c]`.
fn weights(w: &Tensor, group: usize, groups: usize) -> Result<Tensor> {
    let len = w.dim(1)? / groups;
    w.narrow(1, group * len, len)?.flatten_from(2)?.contiguous()
}

/// Patches `[m, k, t, c]` times weights `[k, o, kh, kw, c]`, either with k = 1 to share it among
/// directions: `[m, k, o]`.
fn products(patches: &Tensor, w: &Tensor, groups: usize) -> Result<Tensor> {
    let of = |group: usize| {
        let patches =
            share(patches, group, groups)?.flatten_from(2)?.transpose(0, 1)?.contiguous()?;
        let w = weights(w, group, groups)?.transpose(1, 2)?.contiguous()?;
        patches.broadcast_matmul(&w)?.transpose(0, 1)
    };
    Tensor::cat(&(0..groups).map(of).collect::<Result<Vec<_>>>()?, 2)?.contiguous()
}

/// Σ gᵀ·patches of `[m, k, o]` and `[m, k, t, c]` (either may have k = 1): `[k, o, t·c]`.
fn weight_gradient(g: &Tensor, patches: &Tensor, groups: usize) -> Result<Tensor> {
    let of = |group: usize| {
        let g = share(g, group, groups)?.permute((1, 2, 0))?.contiguous()?;
        let patches = share(patches, group, groups)?.flatten_from(2)?.transpose(0, 1)?;
        g.broadcast_matmul(&patches.contiguous()?)
    };
    Tensor::cat(&(0..groups).map(of).collect::<Result<Vec<_>>>()?, 1)
}

/// g·w of `[m, k, o]` and `[k, o, kh, kw, c]` (either may have k = 1): patches `[m, k, t, c]`.
fn input_gradient(g: &Tensor, w: &Tensor, groups: usize) -> Result<Tensor> {
    let (_, _, height, width, len) = w.dims5()?;
    let of = |group: usize| {
        let g = share(g, group, groups)?.transpose(0, 1)?.contiguous()?;
        let patches = g.broadcast_matmul(&weights(w, group, groups)?)?.transpose(0, 1)?;
        let (m, k, _) = patches.dims3()?;
        patches.contiguous()?.reshape((m, k, height * width, len))
    };
    Tensor::cat(&(0..groups).map(of).collect::<Result<Vec<_>>>()?, 3)
}

/// y = x ∗ w.
pub(crate) fn conv(x: &Tensor, w: &Tensor, Filter { window, groups }: Filter) -> Result<Tensor> {
    products(&patches(&x.unsqueeze(1)?, &window)?, &w.unsqueeze(0)?, groups)?.squeeze(1)
}

/// ∂/∂w = Σ gᵀ·patches.
pub(crate) fn conv_backward_weight(
    x: &Tensor,
    g: &Tensor,
    w: &Tensor,
    Filter { window, groups }: Filter,
) -> Result<Tensor> {
    let patches = patches(&x.unsqueeze(1)?, &window)?;
    weight_gradient(&g.unsqueeze(1)?, &patches, groups)?.reshape(w.shape())
}

/// ∂/∂x: g·w summed over the patches that contain each pixel.
pub(crate) fn conv_backward_input(
    g: &Tensor,
    w: &Tensor,
    Filter { window, groups }: Filter,
) -> Result<Tensor> {
    let patches = input_gradient(&g.unsqueeze(1)?, &w.unsqueeze(0)?, groups)?;
    summed(&patches, &window)?.squeeze(1)
}

/// dy = x ∗ dw + dx ∗ w.
pub(crate) fn conv_tangent(
    x: &Tensor,
    dx: Option<&Tensor>,
    w: &Tensor,
    dw: &Tensor,
    Filter { window, groups }: Filter,
) -> Result<Tensor> {
    let dy = products(&patches(&x.unsqueeze(1)?, &window)?, dw, groups)?;
    match dx {
        Some(dx) => dy + products(&patches(dx, &window)?, &w.unsqueeze(0)?, groups)?,
        None => Ok(dy),
    }
}

/// d(∂/∂w) = Σ dgᵀ·patches + gᵀ·(patches of dx).
pub(crate) fn conv_tangent_backward_weight(
    x: &Tensor,
    dx: Option<&Tensor>,
    g: &Tensor,
    dg: &Tensor,
    w: &Tensor,
    Filter { window, groups }: Filter,
) -> Result<Tensor> {
    let ddw = weight_gradient(dg, &patches(&x.unsqueeze(1)?, &window)?, groups)?;
    let ddw = match dx {
        Some(dx) => (ddw + weight_gradient(&g.unsqueeze(1)?, &patches(dx, &window)?, groups)?)?,
        None => ddw,
    };
    let shape: Vec<usize> = std::iter::once(dg.dim(1)?).chain(w.dims().iter().copied()).collect();
    ddw.reshape(shape)
}

/// d(∂/∂x): dg·w + g·dw summed over the patches that contain each pixel.
pub(crate) fn conv_tangent_backward_input(
    g: &Tensor,
    dg: &Tensor,
    w: &Tensor,
    dw: &Tensor,
    Filter { window, groups }: Filter,
) -> Result<Tensor> {
    let patches = (input_gradient(dg, &w.unsqueeze(0)?, groups)?
        + input_gradient(&g.unsqueeze(1)?, dw, groups)?)?;
    summed(&patches, &window)
}
