//! The linear op: output and derivatives against candle, kernels against their fallback.

use candle_core::{Result, Tensor};

use super::Linear;
use crate::config::Activation;
use crate::net::builder::{Builder, Fans};
use crate::net::dispatch::testing::{I, K, N, O, check, tensor};
use crate::net::oracle;

pub(super) fn reference(op: Linear, x: &Tensor, params: &[Tensor]) -> Result<Tensor> {
    x.matmul(&params[op.weight].t()?)
}

#[test]
fn a_network_of_linear_ops_has_exact_derivatives() {
    let mut net = Builder::new(4);
    let x = net.linear("a", 0, 3);
    let fans = Fans { fan_in: 4, fan_out: 3 };
    let y = net.bias_activation(x, Some(("a", fans)), Activation::Tanh);
    net.linear("b", y, 2);
    let program = net.finish();
    let reference = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
        x.matmul(&w[0].t()?)?.broadcast_add(&w[1])?.tanh()?.matmul(&w[2].t()?)
    };
    oracle::check(&program, None, Some(&reference));
}

#[test]
fn linear_kernels_equal_their_composed_fallbacks() {
    let (x, w, g) = (tensor(&[N, I], 0.1), tensor(&[O, I], 0.2), tensor(&[N, O], 0.3));
    let (dx, dw, dg) = (tensor(&[N, K, I], 0.4), tensor(&[K, O, I], 0.5), tensor(&[N, K, O], 0.6));
    check! {
        linear(&x, &w);
        linear_backward_weight(&x, &g);
        linear_backward_input(&g, &w);
        linear_tangent(&x, Some(&dx), &w, &dw);
        linear_tangent(&x, None, &w, &dw);
        linear_tangent_backward_weight(&x, Some(&dx), &g, &dg);
        linear_tangent_backward_weight(&x, None, &g, &dg);
        linear_tangent_backward_input(&g, &dg, &w, &dw);
    }
}
