//! The sum: output and derivatives against candle, kernels against their fallback.

use candle_core::{DType, Result, Tensor};

use super::{add_to, composed, kernel};
use crate::config::Activation;
use crate::net::builder::Builder;
use crate::net::dispatch::testing::{I, N, same, tensor};
use crate::net::{oracle, widen};

pub(super) fn reference(inputs: &[&Tensor]) -> Result<Tensor> {
    inputs[0] + inputs[1]
}

#[test]
fn a_residual_network_has_exact_derivatives() {
    let mut net = Builder::new(3);
    let x = net.linear("a", 0, 3);
    let skip = net.add(0, x);
    let x = net.bias_activation(skip, None, Activation::Tanh);
    let x = net.linear("b", x, 3);
    let x = net.add(x, skip);
    let x = net.add(x, x);
    net.linear("c", x, 2);
    let reference = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
        let skip = (x + x.matmul(&w[0].t()?)?)?;
        let x = (skip.tanh()?.matmul(&w[1].t()?)? + &skip)?;
        (&x + &x)?.matmul(&w[2].t()?)
    };
    oracle::check(&net.finish(), None, Some(&reference));
}

#[test]
fn adding_in_place_equals_adding() {
    let (a, b) = (tensor(&[N, I], 0.1), tensor(&[N, I], 0.2));
    let expected = (&a + &b).unwrap();
    same("add", &kernel::add(&a, &b).unwrap(), &composed::add(&a, &b).unwrap());
    assert!(kernel::add(&a, &b.narrow(0, 1, 2).unwrap()).is_err());
    let sum = add_to(a, &b).unwrap();
    assert_eq!(widen(&sum).unwrap(), widen(&expected).unwrap());
    assert!(add_to(sum, &b.to_dtype(DType::F32).unwrap()).is_err());
}
