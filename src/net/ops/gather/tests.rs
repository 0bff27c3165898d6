//! The embedding: output and derivatives against candle.

use candle_core::{Device, Result, Tensor};

use super::Gather;
use crate::config::Loss;
use crate::net::builder::Builder;
use crate::net::{Batch, Objective, never, oracle};

pub(super) fn reference(op: Gather, x: &Tensor, params: &[Tensor]) -> Result<Tensor> {
    let vocabulary = params[op.table].dim(0)?;
    let tokens = x.flatten_all()?.to_vec1::<f64>()?;
    let one_hot: Vec<f64> = tokens
        .iter()
        .flat_map(|token| (0..vocabulary).map(|i| f64::from(u8::from(i as f64 == *token))))
        .collect();
    Tensor::from_vec(one_hot, (tokens.len(), vocabulary), &Device::Cpu)?.matmul(&params[op.table])
}

#[test]
fn an_embedding_with_positions_has_exact_derivatives() {
    let (vocabulary, t, d) = (4, 3, 2);
    let mut net = Builder::new(t);
    let x = net.embedding("tokens", 0, vocabulary, d);
    let x = net.positions("positions", x);
    let x = net.bias_activation(x, None, crate::config::Activation::Tanh);
    net.linear("out", x, 2);
    let program = net.finish();
    let tokens: Vec<f64> = (0..5 * t).map(|i| ((i * i + i / 3) % vocabulary) as f64).collect();
    let tokens = Tensor::from_vec(tokens, (5, t), &Device::Cpu).unwrap();
    let reference = |w: &[Tensor], x: &Tensor| {
        let rows: Vec<f64> = x
            .flatten_all()?
            .to_vec1::<f64>()?
            .into_iter()
            .flat_map(|token| (0..vocabulary).map(move |i| f64::from(i as f64 == token)))
            .collect();
        let one_hot = Tensor::from_vec(rows, (5 * t, vocabulary), &Device::Cpu)?;
        let x = one_hot.matmul(&w[0])?.reshape((5, t, d))?.broadcast_add(&w[1])?;
        x.tanh()?.reshape((5 * t, d))?.matmul(&w[2].t()?)
    };
    oracle::check(&program, Some(&tokens), Some(&reference));
}

#[test]
fn a_token_outside_the_table_is_an_error() {
    let mut net = Builder::new(2);
    net.embedding("tokens", 0, 4, 2);
    let objective = Objective::new(net.finish(), Loss::Mse, 1).unwrap();
    for token in [4.0, -1.0, 0.5, f64::NAN] {
        let inputs = Tensor::new(&[[1.0, token]], &Device::Cpu).unwrap();
        let batch = Batch { inputs, targets: oracle::tensor(&[1, 4], 0.1) };
        let error =
            objective.linearize(&oracle::tensor(&[8], 0.2), &[], &batch, &never).unwrap_err();
        let wanted = format!("token {token} is not an index of the embedding's 4 rows");
        assert!(error.to_string().contains(&wanted), "{error}");
    }
}
