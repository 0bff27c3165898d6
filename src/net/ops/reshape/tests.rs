//! Another number of positions: output and derivatives against candle.

use candle_core::{Result, Tensor};

use super::Reshape;
use crate::config::Activation;
use crate::net::builder::Builder;
use crate::net::oracle;

pub(super) fn reference(op: Reshape, x: &Tensor) -> Result<Tensor> {
    x.reshape(((), op.to.features))
}

#[test]
fn networks_that_change_their_positions_have_exact_derivatives() {
    let mut net = Builder::new(12);
    let x = net.reshape(0, 4);
    let x = net.linear("a", x, 2);
    let x = net.bias_activation(x, None, Activation::Tanh);
    let x = net.reshape(x, 1);
    let x = net.linear("b", x, 12);
    let x = net.reshape(x, 3);
    let x = net.bias_activation(x, None, Activation::Tanh);
    let x = net.reshape(x, 2);
    assert_eq!(net.reshape(x, 2), x, "nothing to do, no op");
    net.linear("c", x, 3);
    let reference = |w: &[Tensor], x: &Tensor| {
        let x = x.reshape(((), 3))?.matmul(&w[0].t()?)?.tanh()?;
        let x = x.reshape(((), 8))?.matmul(&w[1].t()?)?.tanh()?;
        x.reshape(((), 6))?.matmul(&w[2].t()?)
    };
    oracle::check(&net.finish(), None, Some(&reference));
}
