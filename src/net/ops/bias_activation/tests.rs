//! Bias and activation: output and derivatives against candle, kernels against their fallback.

use candle_core::{Result, Tensor};

use super::{BiasActivation, composed, kernel};
use crate::config::Activation;
use crate::net::dispatch::testing::{I, K, N, check, same, tensor};

pub(super) fn reference(op: BiasActivation, x: &Tensor, params: &[Tensor]) -> Result<Tensor> {
    let x = match op.bias {
        Some(bias) => x.broadcast_add(&params[bias])?,
        None => x.clone(),
    };
    match op.activation {
        Activation::Tanh => x.tanh(),
        Activation::Relu => x.relu(),
        Activation::Silu => &x / (x.neg()?.exp()? + 1.0)?,
        Activation::Linear => Ok(x),
        Activation::Gelu => (&x * (&x / 2f64.sqrt())?.erf()?.affine(0.5, 0.5)?)?.contiguous(),
        Activation::Elu => x.gt(0.0)?.where_cond(&x, &(x.exp()? - 1.0)?),
        Activation::Softplus => (x.exp()? + 1.0)?.log(),
    }
}

#[test]
fn activation_kernels_equal_their_composed_fallbacks() {
    let (z, bias, g) = (tensor(&[N, I], 0.1), tensor(&[I], 0.2), tensor(&[N, I], 0.3));
    let (dz, db, dg) = (tensor(&[N, K, I], 0.4), tensor(&[K, I], 0.5), tensor(&[N, K, I], 0.6));
    for activation in Activation::ALL.iter().copied() {
        let name = activation.word();
        let a = kernel::bias_activation(&z, &bias, activation).unwrap();
        let b = composed::bias_activation(&z, &bias, activation).unwrap();
        same(name, &a.value, &b.value);
        same(name, &a.slope, &b.slope);
        same(name, &a.bend, &b.bend);
        let c = kernel::bias_activation_backward(&g, &a.slope, &a.bend).unwrap();
        let d = composed::bias_activation_backward(&g, &a.slope, &a.bend).unwrap();
        same(name, &c.0, &d.0);
        same(name, &c.1, &d.1);
        same(name, &c.2, &d.2);
        let e = kernel::bias_activation_tangent(&dz, &db, &a.slope).unwrap();
        let f = composed::bias_activation_tangent(&dz, &db, &a.slope).unwrap();
        same(name, &e.0, &f.0);
        same(name, &e.1, &f.1);
        let h = kernel::bias_activation_tangent_backward(&dg, &dz, &a.slope, &c.1).unwrap();
        let i = composed::bias_activation_tangent_backward(&dg, &dz, &a.slope, &c.1).unwrap();
        same(name, &h.0, &i.0);
        same(name, &h.1, &i.1);
    }
}

#[test]
fn rectifier_kernels_equal_their_composed_fallbacks() {
    let (z, bias) = (tensor(&[N, I], 0.1), tensor(&[I], 0.2));
    let (g, dz) = (tensor(&[N, I], 0.3), tensor(&[N, K, I], 0.4));
    let wide = tensor(&[N, 300], 0.5);
    check! {
        relu(&z, None);
        relu(&z, Some(&bias));
        relu_gate(&g, &z);
        relu_gate(&dz, &z);
        relu_gate(&wide, &wide);
    }
    assert!(kernel::relu_gate(&wide, &z).is_err());
}

#[test]
fn row_kernels_equal_their_composed_fallbacks() {
    let (x, row) = (tensor(&[N, I], 0.1), tensor(&[I], 0.2));
    let (a, b) = (kernel::add_row(&x, &row).unwrap(), composed::add_row(&x, &row).unwrap());
    same("add_row", &a, &b);
    same("sum_rows", &kernel::sum_rows(&x).unwrap(), &composed::sum_rows(&x).unwrap());
}

#[test]
fn tanh_kernels_equal_their_composed_fallbacks() {
    for d in [1, 6, 50, 300] {
        for k in 1..=K {
            let (z, b, g) = (tensor(&[N, d], 0.1), tensor(&[d], 0.2), tensor(&[N, d], 0.3));
            let (dz, db) = (tensor(&[N, k, d], 0.4), tensor(&[k, d], 0.5));
            let dg = tensor(&[N, k, d], 0.6);
            check! { tanh(&z, &b); tanh_tangent(&dz, &db, &z); }
            let pairs = [
                (kernel::tanh_backward(&g, &z), composed::tanh_backward(&g, &z)),
                (
                    kernel::tanh_tangent_backward(&dg, &dz, &db, &z, &g),
                    composed::tanh_tangent_backward(&dg, &dz, &db, &z, &g),
                ),
            ];
            for (ours, fallback) in pairs {
                let (ours, fallback) = (ours.unwrap(), fallback.unwrap());
                same("of values", &ours.0, &fallback.0);
                same("of the bias", &ours.1, &fallback.1);
            }
        }
    }
}
