//! Bias and activation composed of candle operations. Shapes as in `kernel`.

use candle_core::{Result, Tensor};

use super::kernel::Swept;
use crate::config::Activation;

/// a = max(z + b, 0); `None` is b = 0.
pub(crate) fn relu(z: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    bias.map_or_else(|| Ok(z.clone()), |bias| z.broadcast_add(bias))?.relu()
}

/// v where a is positive, 0 elsewhere.
pub(crate) fn relu_gate(v: &Tensor, a: &Tensor) -> Result<Tensor> {
    let open = a.gt(0.0)?.to_dtype(v.dtype())?;
    let open = if v.rank() > a.rank() { open.unsqueeze(1)? } else { open };
    v.broadcast_mul(&open)
}

/// a = tanh(z + b).
pub(crate) fn tanh(z: &Tensor, bias: &Tensor) -> Result<Tensor> {
    z.broadcast_add(bias)?.tanh()
}

/// ∂/∂z = (1 − a²)·g and its column sums.
pub(crate) fn tanh_backward(g: &Tensor, a: &Tensor) -> Result<(Tensor, Tensor)> {
    let dz = (g * a.sqr()?.affine(-1.0, 1.0)?)?;
    let db = dz.sum(0)?;
    Ok((dz, db))
}

/// da = (1 − a²)·(dz + db).
pub(crate) fn tanh_tangent(dz: &Tensor, db: &Tensor, a: &Tensor) -> Result<Tensor> {
    let slope = a.sqr()?.affine(-1.0, 1.0)?;
    dz.broadcast_add(db)?.broadcast_mul(&slope.unsqueeze(1)?)
}

/// d(∂/∂z) = (1 − a²)·dg − 2a·∂/∂z·(dz + db) and its column sums.
pub(crate) fn tanh_tangent_backward(
    dg: &Tensor,
    dz: &Tensor,
    db: &Tensor,
    a: &Tensor,
    gz: &Tensor,
) -> Result<(Tensor, Tensor)> {
    let slope = a.sqr()?.affine(-1.0, 1.0)?;
    let curved = ((a * gz)? * -2.0)?;
    bias_activation_tangent_backward(dg, &dz.broadcast_add(db)?, &slope, &curved)
}

/// a = φ(z + b) with φ′ and φ″.
pub(crate) fn bias_activation(z: &Tensor, bias: &Tensor, activation: Activation) -> Result<Swept> {
    let z = z.broadcast_add(bias)?;
    let (value, slope, bend) = derivatives(activation, &z)?;
    Ok(Swept { value, slope, bend })
}

/// φ, φ′, φ″ of every element.
fn derivatives(activation: Activation, z: &Tensor) -> Result<(Tensor, Tensor, Tensor)> {
    let (ones, zeros) = (z.ones_like()?, z.zeros_like()?);
    let is_positive = z.gt(0.0)?;
    Ok(match activation {
        Activation::Tanh => {
            let a = z.tanh()?;
            let p = a.sqr()?.affine(-1.0, 1.0)?;
            let q = ((&a * &p)? * -2.0)?;
            (a, p, q)
        }
        Activation::Relu => (z.relu()?, is_positive.where_cond(&ones, &zeros)?, zeros),
        Activation::Gelu => {
            let cdf = (z * std::f64::consts::FRAC_1_SQRT_2)?.erf()?.affine(0.5, 0.5)?;
            let density = ((z.sqr()? * -0.5)?.exp()? * 0.398_942_280_401_432_7)?;
            let slope = (&cdf + (z * &density)?)?;
            ((z * cdf)?, slope, (z.sqr()?.affine(-1.0, 2.0)? * density)?)
        }
        Activation::Silu => {
            let s = sigmoid(z)?;
            let ds = (&s * s.affine(-1.0, 1.0)?)?;
            let bend = (&ds * (z * s.affine(-2.0, 1.0)?)?.affine(1.0, 2.0)?)?;
            ((z * &s)?, (&s + (z * ds)?)?, bend)
        }
        Activation::Elu => {
            let e = z.minimum(&zeros)?.exp()?;
            let value = is_positive.where_cond(z, &e.affine(1.0, -1.0)?)?;
            (value, is_positive.where_cond(&ones, &e)?, is_positive.where_cond(&zeros, &e)?)
        }
        Activation::Softplus => {
            let s = sigmoid(z)?;
            let value = (z.relu()? + (z.abs()?.neg()?.exp()? + 1.0)?.log()?)?;
            let bend = (&s * s.affine(-1.0, 1.0)?)?;
            (value, s, bend)
        }
        Activation::Linear => (z.clone(), ones, zeros),
    })
}

/// 1/(1 + e^−z).
fn sigmoid(z: &Tensor) -> Result<Tensor> {
    (z.neg()?.exp()? + 1.0)?.recip()
}

/// ∂/∂z = φ′·g, φ″·g, ∂/∂b.
pub(crate) fn bias_activation_backward(
    g: &Tensor,
    slope: &Tensor,
    bend: &Tensor,
) -> Result<(Tensor, Tensor, Tensor)> {
    let gz = (g * slope)?;
    let db = gz.sum(0)?;
    Ok((gz, (g * bend)?, db))
}

/// `dz = dz_linear + db`, da = φ′·dz.
pub(crate) fn bias_activation_tangent(
    dz: &Tensor,
    db: &Tensor,
    slope: &Tensor,
) -> Result<(Tensor, Tensor)> {
    let dz = dz.broadcast_add(db)?;
    let da = dz.broadcast_mul(&slope.unsqueeze(1)?)?;
    Ok((dz, da))
}

/// d(∂/∂z) = φ′·dg + (φ″·g)·dz, d(∂/∂b).
pub(crate) fn bias_activation_tangent_backward(
    dg: &Tensor,
    dz: &Tensor,
    slope: &Tensor,
    curved: &Tensor,
) -> Result<(Tensor, Tensor)> {
    let out =
        (dg.broadcast_mul(&slope.unsqueeze(1)?)? + dz.broadcast_mul(&curved.unsqueeze(1)?)?)?;
    let db = out.sum(0)?;
    Ok((out, db))
}

/// Adds a row to every row.
pub(crate) fn add_row(x: &Tensor, row: &Tensor) -> Result<Tensor> {
    x.broadcast_add(row)
}

/// The sum of all rows.
pub(crate) fn sum_rows(x: &Tensor) -> Result<Tensor> {
    x.sum(0)
}
