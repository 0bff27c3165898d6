//! The linear op composed of candle operations. Shapes as in `kernel`.

use candle_core::{Result, Tensor};

/// y = x·wᵀ.
pub(crate) fn linear(x: &Tensor, w: &Tensor) -> Result<Tensor> {
    x.matmul(&w.t()?)
}

/// ∂/∂w = gᵀ·x.
pub(crate) fn linear_backward_weight(x: &Tensor, g: &Tensor) -> Result<Tensor> {
    g.t()?.matmul(x)
}

/// ∂/∂x = g·w.
pub(crate) fn linear_backward_input(g: &Tensor, w: &Tensor) -> Result<Tensor> {
    g.matmul(w)
}

/// `[n, k, d]` times a shared matrix on the right.
fn rows_matmul(block: &Tensor, right: &Tensor) -> Result<Tensor> {
    let (n, k, d) = block.dims3()?;
    block.reshape((n * k, d))?.matmul(right)?.reshape((n, k, ()))
}

/// `left` `[m, p]` times each matrix of a block `[k, p, q]`: `[k, m, q]`.
fn each_matmul(left: &Tensor, block: &Tensor) -> Result<Tensor> {
    left.unsqueeze(0)?.broadcast_matmul(block)
}

/// dy = x·dwᵀ + dx·wᵀ.
pub(crate) fn linear_tangent(
    x: &Tensor,
    dx: Option<&Tensor>,
    w: &Tensor,
    dw: &Tensor,
) -> Result<Tensor> {
    let dy = each_matmul(x, &dw.transpose(1, 2)?.contiguous()?)?.transpose(0, 1)?;
    let dy = match dx {
        Some(dx) => (dy + rows_matmul(dx, &w.t()?)?)?,
        None => dy,
    };
    dy.contiguous()
}

/// d(∂/∂w) = dgᵀ·x + gᵀ·dx.
pub(crate) fn linear_tangent_backward_weight(
    x: &Tensor,
    dx: Option<&Tensor>,
    g: &Tensor,
    dg: &Tensor,
) -> Result<Tensor> {
    let dg = dg.transpose(0, 1)?.transpose(1, 2)?.contiguous()?;
    let ddw = dg.broadcast_matmul(&x.unsqueeze(0)?)?;
    match dx {
        Some(dx) => ddw + each_matmul(&g.t()?.contiguous()?, &dx.transpose(0, 1)?.contiguous()?)?,
        None => Ok(ddw),
    }
}

/// d(∂/∂x) = dg·w + g·dw.
pub(crate) fn linear_tangent_backward_input(
    g: &Tensor,
    dg: &Tensor,
    w: &Tensor,
    dw: &Tensor,
) -> Result<Tensor> {
    (rows_matmul(dg, w)? + each_matmul(g, dw)?.transpose(0, 1)?)?.contiguous()
}
