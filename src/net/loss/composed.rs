//! The losses composed from candle operations. Shapes as in `kernel`.

use candle_core::{D, Result, Tensor};

/// ½ Σ (f − y)² and weight·(f − y).
pub(crate) fn mse(f: &Tensor, y: &Tensor, weight: f64) -> Result<(f64, Tensor)> {
    let error = (f - y)?;
    let loss = error.to_dtype(candle_core::DType::F64)?.sqr()?.sum_all()?.to_scalar::<f64>()?;
    Ok((0.5 * loss, (error * weight)?))
}

/// −Σ y·log softmax(f), weight·(p − y), and p.
pub(crate) fn cross_entropy(f: &Tensor, y: &Tensor, weight: f64) -> Result<(f64, Tensor, Tensor)> {
    let log_p = candle_nn::ops::log_softmax(f, D::Minus1)?;
    let loss = (y * &log_p)?.to_dtype(candle_core::DType::F64)?.sum_all()?.to_scalar::<f64>()?;
    let p = log_p.exp()?;
    Ok((-loss, ((&p - y)? * weight)?, p))
}

/// weight·(p∘df − p·(pᵀdf)).
pub(crate) fn cross_entropy_tangent(df: &Tensor, p: &Tensor, weight: f64) -> Result<Tensor> {
    let p = p.unsqueeze(1)?;
    let mean = p.broadcast_mul(df)?.sum_keepdim(2)?;
    p.broadcast_mul(&df.broadcast_sub(&mean)?)? * weight
}
