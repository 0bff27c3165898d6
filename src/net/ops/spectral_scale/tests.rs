//! The spectral factor: output and derivatives against candle.

use candle_core::{DType, Device, Result, Tensor};

use super::SpectralScale;
use crate::config::{Activation, Loss};
use crate::net::builder::Builder;
use crate::net::{Batch, Objective, never, oracle, widen};

pub(super) fn reference(op: SpectralScale, x: &Tensor, params: &[Tensor]) -> Result<Tensor> {
    let w = &params[op.weight];
    let unit = |x: Tensor| x.broadcast_div(&x.sqr()?.sum_all()?.sqrt()?);
    let fixed = w.detach();
    let u = Tensor::ones((w.dim(0)?, 1), w.dtype(), w.device())?;
    let v = unit(fixed.t()?.matmul(&u)?)?;
    let u = unit(fixed.matmul(&v)?)?;
    let norm = u.t()?.matmul(&w.matmul(&v)?)?.flatten_all()?;
    x.broadcast_mul(&(&params[op.gain] / norm)?)
}

#[test]
fn weights_over_their_spectral_norm_have_exact_derivatives_with_singular_vectors_fixed() {
    let mut net = Builder::new(4);
    let x = net.spectral_linear("a", 0, 3);
    let x = net.bias_activation(x, None, Activation::Tanh);
    net.spectral_linear("b", x, 2);
    let normed = |w: &Tensor, gain: &Tensor| {
        let fixed = w.detach();
        let u = Tensor::ones((1, w.dim(0)?), DType::F64, &Device::Cpu)?;
        let v = u.matmul(&fixed)?;
        let v = v.broadcast_div(&v.sqr()?.sum_all()?.sqrt()?)?;
        let u = v.matmul(&fixed.t()?)?;
        let u = u.broadcast_div(&u.sqr()?.sum_all()?.sqrt()?)?;
        let sigma = u.matmul(w)?.matmul(&v.t()?)?.reshape(1)?;
        w.broadcast_mul(&(gain / sigma)?)?.t()
    };
    let reference = |w: &[Tensor], x: &Tensor| {
        x.matmul(&normed(&w[0], &w[1])?)?.tanh()?.matmul(&normed(&w[2], &w[3])?)
    };
    oracle::check_against_candle(&net.finish(), None, &reference);
}

#[test]
fn the_buffer_converges_to_the_leading_singular_vector() {
    // W = 3·abᵀ + 2·cdᵀ with orthonormal a, c and b, d.
    let (a, c) = ([0.6, 0.8], [0.8, -0.6]);
    let (b, d) = ([2.0 / 3.0, 2.0 / 3.0, 1.0 / 3.0], [1.0 / 3.0, -2.0 / 3.0, 2.0 / 3.0]);
    let w = (0..6).map(|i| 3.0 * a[i / 3] * b[i % 3] + 2.0 * c[i / 3] * d[i % 3]);
    let params: Vec<f64> = w.chain([1.0]).collect();
    let params = Tensor::from_vec(params, 7, &Device::Cpu).unwrap();
    let mut net = Builder::new(3);
    net.spectral_linear("a", 0, 2);
    let objective = Objective::new(net.finish(), Loss::Mse, 1).unwrap();
    let mut buffers = objective.initial_buffers(DType::F64, &Device::Cpu).unwrap();
    let batch = Batch {
        inputs: Tensor::from_vec(b.to_vec(), (1, 3), &Device::Cpu).unwrap(),
        targets: Tensor::from_vec(vec![0.0, 0.0], (1, 2), &Device::Cpu).unwrap(),
    };
    for _ in 0..50 {
        let at = objective.linearize(&params, &buffers, &batch, &never).unwrap();
        buffers = at.buffers_after().to_vec();
    }
    let u = widen(&buffers[0]).unwrap();
    assert!((u[0] - 0.6).abs() < 1e-12 && (u[1] - 0.8).abs() < 1e-12, "{u:?}");
    // (W/3)·b = a: half of ‖a‖².
    let score = objective.score(&params, &buffers, &batch, &never).unwrap();
    assert!((score.loss - 0.5).abs() < 1e-12, "{}", score.loss);
}
