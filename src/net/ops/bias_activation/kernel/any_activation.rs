//! Bias and activation for general φ: computes φ, φ′ and φ″ together.
//!
//! Shapes: z, a `[n, d]`, bias `[d]`; tangents `[n, k, d]`, bias tangents `[k, d]`.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor};

use super::derivatives::derivatives;
use crate::config::Activation;
use crate::net::simd::{Real, by_dtype, view};

/// Instantiates a sweep for each activation, so its inner loop does not branch on the activation.
macro_rules! sweep_by {
    ($activation:expr, $z:expr, $bias:expr) => {
        sweep_by!($activation, $z, $bias; Tanh Relu Gelu Silu Elu Softplus Linear)
    };
    ($activation:expr, $z:expr, $bias:expr; $($name:ident)+) => {
        match $activation {
            $(Activation::$name => sweep(
                $z,
                $bias,
                #[inline(always)]
                |z| derivatives(Activation::$name, z),
            ),)+
        }
    };
}

/// Result of the forward pass: a = φ(z + b), and φ′ and φ″ at z + b.
pub(crate) struct Swept {
    pub(crate) value: Tensor,
    pub(crate) slope: Tensor,
    pub(crate) bend: Tensor,
}

/// a = φ(z + b) with φ′ and φ″.
pub(crate) fn bias_activation(z: &Tensor, bias: &Tensor, activation: Activation) -> Result<Swept> {
    by_dtype!(z, T => {
        let shape = z.dims2()?;
        let device = z.device();
        let (z, bias) = (view(z)?, view(bias)?);
        let (z, bias) = (z.slice::<T>()?, bias.slice::<T>()?);
        let [value, slope, bend] = sweep_by!(activation, z, bias);
        Ok(Swept {
            value: Tensor::from_vec(value, shape, device)?,
            slope: Tensor::from_vec(slope, shape, device)?,
            bend: Tensor::from_vec(bend, shape, device)?,
        })
    })
}

/// φ, φ′ and φ″ of every element of z + b.
#[inline(always)]
fn sweep<T: Real>(z: &[T], bias: &[T], f: impl Fn(T) -> (T, T, T)) -> [Vec<T>; 3] {
    let mut out = [vec![T::ZERO; z.len()], vec![T::ZERO; z.len()], vec![T::ZERO; z.len()]];
    let [value, slope, bend] = &mut out;
    let d = bias.len();
    let rows = value.chunks_exact_mut(d).zip(slope.chunks_exact_mut(d));
    for ((z, bend), (value, slope)) in z.chunks_exact(d).zip(bend.chunks_exact_mut(d)).zip(rows) {
        // Zipped: indexing would check bounds and would not vectorize the end of a row.
        let places = value.iter_mut().zip(slope).zip(bend);
        for (((value, slope), bend), (z, bias)) in places.zip(z.iter().zip(bias)) {
            (*value, *slope, *bend) = f(*z + *bias);
        }
    }
    out
}

/// From g = ∂/∂a: ∂/∂z = φ′·g, φ″·g (for `tangent_backward`), ∂/∂b = Σₙ ∂/∂z.
pub(crate) fn bias_activation_backward(
    g: &Tensor,
    slope: &Tensor,
    bend: &Tensor,
) -> Result<(Tensor, Tensor, Tensor)> {
    by_dtype!(g, T => {
        let (n, d) = g.dims2()?;
        let device = g.device();
        let (g, slope, bend) = (view(g)?, view(slope)?, view(bend)?);
        let (g, slope, bend) = (g.slice::<T>()?, slope.slice::<T>()?, bend.slice::<T>()?);
        let gz: Vec<T> = g.iter().zip(slope).map(|(g, p)| *g * *p).collect();
        let curved: Vec<T> = g.iter().zip(bend).map(|(g, q)| *g * *q).collect();
        let db = column_sums(&gz, d);
        Ok((
            Tensor::from_vec(gz, (n, d), device)?,
            Tensor::from_vec(curved, (n, d), device)?,
            Tensor::from_vec(db, d, device)?,
        ))
    })
}

/// `dz = dz_linear + db`, da = φ′·dz.
pub(crate) fn bias_activation_tangent(
    dz: &Tensor,
    db: &Tensor,
    slope: &Tensor,
) -> Result<(Tensor, Tensor)> {
    by_dtype!(dz, T => {
        let (n, k, d) = dz.dims3()?;
        let device = dz.device();
        let (dz, db, slope) = (view(dz)?, view(db)?, view(slope)?);
        let (dz, db, slope) = (dz.slice::<T>()?, db.slice::<T>()?, slope.slice::<T>()?);
        let mut sum = vec![T::ZERO; dz.len()];
        let mut da = vec![T::ZERO; dz.len()];
        let rows = dz.chunks_exact(d).zip(sum.chunks_exact_mut(d)).zip(da.chunks_exact_mut(d));
        for (index, ((dz, sum), da)) in rows.enumerate() {
            let db = &db[(index % k) * d..][..d];
            let slope = &slope[(index / k) * d..][..d];
            let places = sum.iter_mut().zip(da);
            for ((sum, da), ((dz, db), slope)) in places.zip(dz.iter().zip(db).zip(slope)) {
                *sum = *dz + *db;
                *da = *sum * *slope;
            }
        }
        Ok((Tensor::from_vec(sum, (n, k, d), device)?, Tensor::from_vec(da, (n, k, d), device)?))
    })
}

/// d(∂/∂z) = φ′·dg + (φ″·g)·dz, d(∂/∂b) = Σₙ d(∂/∂z).
pub(crate) fn bias_activation_tangent_backward(
    dg: &Tensor,
    dz: &Tensor,
    slope: &Tensor,
    curved: &Tensor,
) -> Result<(Tensor, Tensor)> {
    by_dtype!(dg, T => {
        let (n, k, d) = dg.dims3()?;
        let device = dg.device();
        let (dg, dz, slope, curved) =
            (view(dg)?, view(dz)?, view(slope)?, view(curved)?);
        let (dg, dz) = (dg.slice::<T>()?, dz.slice::<T>()?);
        let (slope, curved) = (slope.slice::<T>()?, curved.slice::<T>()?);
        let mut out = vec![T::ZERO; dg.len()];
        let rows = dg.chunks_exact(d).zip(dz.chunks_exact(d)).zip(out.chunks_exact_mut(d));
        for (index, ((dg, dz), out)) in rows.enumerate() {
            let slope = &slope[(index / k) * d..][..d];
            let curved = &curved[(index / k) * d..][..d];
            let tangents = dg.iter().zip(dz);
            let derivatives = slope.iter().zip(curved);
            for (out, ((dg, dz), (slope, curved))) in out.iter_mut().zip(tangents.zip(derivatives)) {
                *out = *slope * *dg + *curved * *dz;
            }
        }
        let db = column_sums(&out, k * d);
        Ok((Tensor::from_vec(out, (n, k, d), device)?, Tensor::from_vec(db, (k, d), device)?))
    })
}

/// Sums over rows of `d` columns.
#[inline(always)]
fn column_sums<T: Real>(data: &[T], d: usize) -> Vec<T> {
    let mut sums = vec![T::ZERO; d];
    for row in data.chunks_exact(d) {
        for (sum, x) in sums.iter_mut().zip(row) {
            *sum += *x;
        }
    }
    sums
}
