//! relu with bias, a = max(z + b, 0), and its gate, which serves as its other passes.
//!
//! Shapes: z, a `[n, d]`, bias `[d]`; tangents `[n, k, d]`, bias tangents `[k, d]`.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor, bail};

use crate::net::simd::{Real, by_dtype, view};

/// Length of the buffer from which results are appended, so the output need not be zeroed first.
const LINE: usize = 256;

/// a = max(z + b, 0); `None` is b = 0.
pub(crate) fn relu(z: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    by_dtype!(z, T => {
        let (shape, device) = (z.dims2()?, z.device());
        let (z, bias) = (view(z)?, bias.map(view).transpose()?);
        let z = z.slice::<T>()?;
        let Some(bias) = &bias else {
            let mut a = Vec::with_capacity(z.len());
            append_gated(&mut a, z, z, &mut [T::ZERO; LINE]);
            return Tensor::from_vec(a, shape, device);
        };
        let bias = bias.slice::<T>()?;
        let mut a = vec![T::ZERO; z.len()];
        for (a, z) in a.chunks_exact_mut(shape.1).zip(z.chunks_exact(shape.1)) {
            for ((a, z), bias) in a.iter_mut().zip(z).zip(bias) {
                let sum = *z + *bias;
                *a = if sum > T::ZERO { sum } else { T::ZERO };
            }
        }
        Tensor::from_vec(a, shape, device)
    })
}

/// v `[n, d]` or `[n, k, d]` where a `[n, d]` is positive, 0 elsewhere: maps ∂/∂a to ∂/∂z, and dz
/// to da.
pub(crate) fn relu_gate(v: &Tensor, a: &Tensor) -> Result<Tensor> {
    by_dtype!(v, T => {
        let ((n, d), device) = (a.dims2()?, a.device());
        let k = match *v.dims() {
            [rows, columns] if (rows, columns) == (n, d) => 1,
            [rows, k, columns] if (rows, columns) == (n, d) => k,
            _ => bail!("values {:?} do not match the gate {:?}", v.dims(), a.dims()),
        };
        let shape = v.shape();
        let (v, a) = (view(v)?, view(a)?);
        let (v, a) = (v.slice::<T>()?, a.slice::<T>()?);
        let (mut out, mut line) = (Vec::with_capacity(v.len()), [T::ZERO; LINE]);
        if k == 1 {
            append_gated(&mut out, v, a, &mut line);
        } else {
            for (v, a) in v.chunks_exact((k * d).max(1)).zip(a.chunks_exact(d)) {
                for v in v.chunks_exact(d) {
                    append_gated(&mut out, v, a, &mut line);
                }
            }
        }
        Tensor::from_vec(out, shape, device)
    })
}

/// Appends `v` where `a` is positive, 0 elsewhere.
#[inline(always)]
fn append_gated<T: Real>(out: &mut Vec<T>, v: &[T], a: &[T], line: &mut [T; LINE]) {
    for (v, a) in v.chunks(LINE).zip(a.chunks(LINE)) {
        let line = &mut line[..v.len()];
        for ((line, v), a) in line.iter_mut().zip(v).zip(a) {
            *line = if *a > T::ZERO { *v } else { T::ZERO };
        }
        out.extend_from_slice(line);
    }
}
