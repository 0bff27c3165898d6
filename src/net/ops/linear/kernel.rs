//! The linear op's matrix products, by the gemm crate. Single-threaded: threads share work by
//! chunks of examples, which fixes the order of summation.
//!
//! Shapes: x `[n, i]`, w `[o, i]`, y `[n, o]`; tangents dx `[n, k, i]`, dy `[n, k, o]` and dw
//! `[k, o, i]`. With directions in the middle, each product with w is one large matrix product.

use candle_core::{Result, Tensor};

use crate::net::simd::gemm::{Into, Mat, multiply, product};
use crate::net::simd::{by_dtype, view};

/// y = x·wᵀ.
pub(crate) fn linear(x: &Tensor, w: &Tensor) -> Result<Tensor> {
    by_dtype!(x, T => {
        let ((n, i), o) = (x.dims2()?, w.dim(0)?);
        let (x, w, device) = (view(x)?, view(w)?, w.device());
        let w = Mat::rows(w.slice::<T>()?, o, i, i);
        let y = product(Mat::rows(x.slice::<T>()?, n, i, i), w.transposed());
        Tensor::from_vec(y, (n, o), device)
    })
}

/// ∂/∂w = gᵀ·x.
pub(crate) fn linear_backward_weight(x: &Tensor, g: &Tensor) -> Result<Tensor> {
    by_dtype!(x, T => {
        let ((n, i), o) = (x.dims2()?, g.dim(1)?);
        let (x, g, device) = (view(x)?, view(g)?, g.device());
        let g = Mat::rows(g.slice::<T>()?, n, o, o);
        let dw = product(g.transposed(), Mat::rows(x.slice::<T>()?, n, i, i));
        Tensor::from_vec(dw, (o, i), device)
    })
}

/// ∂/∂x = g·w.
pub(crate) fn linear_backward_input(g: &Tensor, w: &Tensor) -> Result<Tensor> {
    by_dtype!(g, T => {
        let (n, (o, i)) = (g.dim(0)?, w.dims2()?);
        let (g, w, device) = (view(g)?, view(w)?, g.device());
        let w = Mat::rows(w.slice::<T>()?, o, i, i);
        let dx = product(Mat::rows(g.slice::<T>()?, n, o, o), w);
        Tensor::from_vec(dx, (n, i), device)
    })
}

/// dy = x·dwᵀ + dx·wᵀ; `None` is dx = 0.
pub(crate) fn linear_tangent(
    x: &Tensor,
    dx: Option<&Tensor>,
    w: &Tensor,
    dw: &Tensor,
) -> Result<Tensor> {
    by_dtype!(x, T => {
        let (n, (k, o, i)) = (x.dim(0)?, dw.dims3()?);
        let device = x.device();
        let (x, w, dw) = (view(x)?, view(w)?, view(dw)?);
        let dw = Mat::rows(dw.slice::<T>()?, k * o, i, i);
        let mut dy = product(Mat::rows(x.slice::<T>()?, n, i, i), dw.transposed());
        if let Some(dx) = dx {
            let dx = view(dx)?;
            let w = Mat::rows(w.slice::<T>()?, o, i, i);
            multiply(&mut dy, o, Into::Sum, Mat::rows(dx.slice::<T>()?, n * k, i, i), w.transposed());
        }
        Tensor::from_vec(dy, (n, k, o), device)
    })
}

/// d(∂/∂w) = dgᵀ·x + gᵀ·dx.
pub(crate) fn linear_tangent_backward_weight(
    x: &Tensor,
    dx: Option<&Tensor>,
    g: &Tensor,
    dg: &Tensor,
) -> Result<Tensor> {
    by_dtype!(x, T => {
        let (i, (n, k, o)) = (x.dim(1)?, dg.dims3()?);
        let device = x.device();
        let (x, g, dg) = (view(x)?, view(g)?, view(dg)?);
        let dg = Mat::rows(dg.slice::<T>()?, n, k * o, k * o);
        let mut ddw = product(dg.transposed(), Mat::rows(x.slice::<T>()?, n, i, i));
        if let Some(dx) = dx {
            let dx = view(dx)?;
            let g = Mat::rows(g.slice::<T>()?, n, o, o);
            for (j, ddw) in ddw.chunks_exact_mut(o * i).enumerate() {
                let dx = Mat::rows(&dx.slice::<T>()?[j * i..], n, i, k * i);
                multiply(ddw, i, Into::Sum, g.transposed(), dx);
            }
        }
        Tensor::from_vec(ddw, (k, o, i), device)
    })
}

/// d(∂/∂x) = dg·w + g·dw.
pub(crate) fn linear_tangent_backward_input(
    g: &Tensor,
    dg: &Tensor,
    w: &Tensor,
    dw: &Tensor,
) -> Result<Tensor> {
    by_dtype!(g, T => {
        let (n, (k, o, i)) = (g.dim(0)?, dw.dims3()?);
        let device = g.device();
        let (g, dg, w, dw) = (view(g)?, view(dg)?, view(w)?, view(dw)?);
        let w = Mat::rows(w.slice::<T>()?, o, i, i);
        let mut ddx = product(Mat::rows(dg.slice::<T>()?, n * k, o, o), w);
        let g = Mat::rows(g.slice::<T>()?, n, o, o);
        for (j, dw) in dw.slice::<T>()?.chunks_exact(o * i).enumerate() {
            multiply(&mut ddx[j * i..], k * i, Into::Sum, g, Mat::rows(dw, o, i, i));
        }
        Tensor::from_vec(ddx, (n, k, i), device)
    })
}
