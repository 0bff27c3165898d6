//! Concatenation: output and derivatives against candle.

use candle_core::{Result, Tensor};

use crate::config::Activation;
use crate::net::builder::Builder;
use crate::net::oracle;

pub(super) fn reference(inputs: &[&Tensor]) -> Result<Tensor> {
    Tensor::cat(inputs, 1)
}

#[test]
fn a_densely_connected_network_has_exact_derivatives() {
    let mut net = Builder::new(3);
    let a = net.linear("a", 0, 2);
    let a = net.bias_activation(a, None, Activation::Tanh);
    let x = net.concat(&[0, a]);
    let b = net.linear("b", x, 4);
    let b = net.bias_activation(b, None, Activation::Tanh);
    let x = net.concat(&[b, x, b]);
    assert_eq!(net.shape(x).features, 13);
    net.linear("c", x, 2);
    let reference = |w: &[Tensor], x: &Tensor| {
        let x = Tensor::cat(&[x, &x.matmul(&w[0].t()?)?.tanh()?], 1)?;
        let b = x.matmul(&w[1].t()?)?.tanh()?;
        Tensor::cat(&[&b, &x, &b], 1)?.matmul(&w[2].t()?)
    };
    oracle::check(&net.finish(), None, Some(&reference));
}
