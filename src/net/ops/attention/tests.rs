//! Attention: output and derivatives against candle, kernels against their fallback.

use candle_core::{D, Device, Result, Tensor};

use super::{Attention, AttentionSaved, AttentionTangents, Geometry, Mask, composed, kernel};
use crate::config::Loss;
use crate::net::builder::Builder;
use crate::net::dispatch::testing::{K, N, same, tensor};
use crate::net::ops::patches::Patches;
use crate::net::sliding_window::Image;
use crate::net::{Batch, Objective, never, oracle};

pub(super) fn reference(op: Attention, inputs: &[&Tensor]) -> Result<Tensor> {
    let [q, k, v] = [inputs[0], inputs[1], inputs[2]];
    let (rows, d) = q.dims2()?;
    let (t, width) = (op.positions, d / op.heads);
    let fall = op.base_width.map_or(1.0, |base| base as f64 / d as f64).sqrt();
    let scale = fall / (width as f64).sqrt();
    let by_head =
        |x: &Tensor| x.reshape((rows / t, t, op.heads, width))?.transpose(1, 2)?.contiguous();
    let z = (by_head(q)?.matmul(&by_head(k)?.t()?.contiguous()?)? * scale)?;
    let later = |i: usize| if i % t > i / t { -1e30 } else { 0.0 };
    let z = match op.mask {
        Mask::None => z,
        Mask::Causal => {
            let mask: Vec<f64> = (0..t * t).map(later).collect();
            z.broadcast_add(&Tensor::from_vec(mask, (t, t), &Device::Cpu)?)?
        }
    };
    let y = candle_nn::ops::softmax(&z, D::Minus1)?.matmul(&by_head(v)?)?;
    y.transpose(1, 2)?.contiguous()?.reshape((rows, d))
}

/// Features per position.
const C: usize = 3;

/// A builder of networks on `t` positions of C features, and the value index of those positions.
fn begin(t: usize) -> (Builder, usize) {
    let mut net = Builder::new(t * C);
    let column = Patches {
        image: Image { height: t, width: 1 },
        channels: C,
        size: Image { height: 1, width: 1 },
    };
    let x = net.patches(0, column);
    (net, x)
}

/// Attention from candle's primitives, one example and head after the other.
fn attention(qkv: [&Tensor; 3], t: usize, heads: usize, mask: Mask) -> Result<Tensor> {
    let (n_rows, d) = qkv[0].dims2()?;
    let width = d / heads;
    let hidden = (0..t * t).map(|i| if i % t > i / t { -1e30 } else { 0.0 }).collect();
    let hidden = Tensor::from_vec(hidden, (t, t), &Device::Cpu)?;
    let mut examples = Vec::new();
    for example in 0..n_rows / t {
        let mut outputs = Vec::new();
        for head in 0..heads {
            let part = |x: &Tensor| {
                x.narrow(0, example * t, t)?.narrow(1, head * width, width)?.contiguous()
            };
            let (q, k, v) = (part(qkv[0])?, part(qkv[1])?, part(qkv[2])?);
            let z = (q.matmul(&k.t()?)? / (width as f64).sqrt())?;
            let z = if mask == Mask::Causal { (z + &hidden)? } else { z };
            outputs.push(candle_nn::ops::softmax(&z, D::Minus1)?.matmul(&v)?);
        }
        examples.push(Tensor::cat(&outputs, 1)?);
    }
    Tensor::cat(&examples, 0)
}

#[test]
fn attention_has_exact_derivatives() {
    for (t, heads, mask) in [
        (1, 1, Mask::None),
        (4, 1, Mask::None),
        (4, 2, Mask::None),
        (4, 1, Mask::Causal),
        (5, 2, Mask::Causal),
    ] {
        let (mut net, x) = begin(t);
        let [q, k, v] = ["q", "k", "v"].map(|layer| net.linear(layer, x, 4));
        let y = net.attention(q, k, v, heads, mask);
        net.linear("out", y, 3);
        let reference = |w: &[Tensor], x: &Tensor| {
            let x = x.reshape(((), C))?;
            let [q, k, v] = [0, 1, 2].map(|i| x.matmul(&w[i].t()?));
            attention([&q?, &k?, &v?], t, heads, mask)?.matmul(&w[3].t()?)
        };
        oracle::check(&net.finish(), None, Some(&reference));
    }
}

#[test]
fn attention_accepts_a_repeated_value_and_the_batch() {
    for mask in [Mask::None, Mask::Causal] {
        for order in [[1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1]] {
            let (mut net, x) = begin(4);
            let inner = net.linear("inner", x, C);
            let [q, k, v] = order.map(|which| [x, inner][which]);
            let y = net.attention(q, k, v, 1, mask);
            net.linear("out", y, 2);
            let reference = |w: &[Tensor], x: &Tensor| {
                let x = x.reshape(((), C))?;
                let inner = x.matmul(&w[0].t()?)?;
                let qkv = order.map(|which| [&x, &inner][which]);
                attention(qkv, 4, 1, mask)?.matmul(&w[1].t()?)
            };
            oracle::check(&net.finish(), None, Some(&reference));
        }
    }
}

#[test]
fn a_later_token_changes_no_earlier_output_gradient_or_product_where_attention_is_causal() {
    let (vocabulary, t, n_seen) = (5, 6, 3);
    for mask in [Mask::Causal, Mask::None] {
        let mut net = Builder::new(t);
        let tokens = net.embedding("tokens", 0, vocabulary, 4);
        let x = net.positions("positions", tokens);
        let [q, k, v] = ["q", "k", "v"].map(|layer| net.linear(layer, x, 4));
        let y = net.attention(q, k, v, 2, mask);
        let seen = net.take(y, 0, n_seen);
        net.linear("out", seen, 2);
        let program = net.finish();
        let params = oracle::tensor(&[program.n_params()], 0.1);
        let block = oracle::tensor(&[2, program.n_params()], 0.2);
        let objective = Objective::new(program, Loss::Mse, 1).unwrap();
        let of = |token: f64| {
            let inputs = Tensor::new(&[[1.0, 4.0, 0.0, token, 2.0, token]], &Device::Cpu);
            let targets = oracle::tensor(&[1, n_seen * 2], 0.3);
            let batch = Batch { inputs: inputs.unwrap(), targets };
            let at = objective.linearize(&params, &[], &batch, &never).unwrap();
            let products = crate::net::widen(&at.hvp(&block, &never).unwrap()).unwrap();
            (at.score(), at.wide_gradient().unwrap(), products)
        };
        assert_eq!(of(1.0) == of(3.0), mask == Mask::Causal);
    }
}

#[test]
fn heads_that_do_not_divide_the_features_are_an_error() {
    let (mut net, x) = begin(4);
    let y = net.linear("x", x, 4);
    net.attention(y, y, y, 3, Mask::None);
    let program = net.finish();
    let params = oracle::tensor(&[program.n_params()], 0.1);
    let objective = Objective::new(program, Loss::Mse, 1).unwrap();
    let batch =
        Batch { inputs: oracle::tensor(&[2, 12], 0.2), targets: oracle::tensor(&[2, 16], 0.3) };
    let error = objective.linearize(&params, &[], &batch, &never).unwrap_err().to_string();
    assert!(error.contains("features divisible by 3 heads, got 8 rows of 4"), "{error}");
}

#[test]
fn attention_kernels_equal_their_composed_fallbacks() {
    for (n_positions, n_heads, d, mask, base_width) in [
        (1, 1, 2, Mask::Causal, None),
        (7, 1, 4, Mask::None, None),
        (7, 2, 6, Mask::Causal, Some(3)),
        (16, 2, 32, Mask::None, Some(2)),
        (11, 3, 30, Mask::Causal, None),
    ] {
        let heads = Geometry { n_positions, n_heads, mask, base_width };
        let features = |salt| tensor(&[N * n_positions, d], salt);
        let tangent = |salt| tensor(&[N * n_positions, K, d], salt);
        let inputs = [0.1, 0.2, 0.3].map(|salt| (features(salt) * 3.0).unwrap());
        let ([q, k, v], qkv, g) = (&inputs, inputs.each_ref(), features(0.4));
        let a = kernel::attention(q, k, v, heads).unwrap();
        let b = composed::attention(q, k, v, heads).unwrap();
        same("attention", &a.0, &b.0);
        same("attention weights", &a.1, &b.1);
        let (ours, c) = kernel::attention_backward(&g, qkv, &a.1, heads).unwrap();
        let (fallbacks, centred) = composed::attention_backward(&g, qkv, &a.1, heads).unwrap();
        same("attention_backward, saved", &c, &centred);
        for (a, b) in ours.iter().zip(&fallbacks) {
            same("attention_backward", a, b);
        }
        let (dg, tangents) = (tangent(0.5), [0.6, 0.7, 0.8].map(tangent));
        let [dq, dk, dv] = tangents.each_ref();
        for tangents in
            [[Some(dq), Some(dk), Some(dv)], [None, None, Some(dv)], [Some(dq), Some(dk), None]]
        {
            let a1 = kernel::attention_tangent(&a.1, qkv, tangents, heads).unwrap();
            let b1 = composed::attention_tangent(&a.1, qkv, tangents, heads).unwrap();
            same("attention_tangent", &a1.0, &b1.0);
            same("attention_tangent, saved", &a1.1, &b1.1);
            let at = AttentionSaved { qkv, p: &a.1, c: &c };
            let along = AttentionTangents { qkv: tangents, p: &a1.1 };
            let ours = kernel::attention_tangent_backward(&g, &dg, at, along, heads).unwrap();
            let fallbacks =
                composed::attention_tangent_backward(&g, &dg, at, along, heads).unwrap();
            for (a, b) in ours.iter().zip(&fallbacks) {
                same("attention_tangent_backward", a, b);
            }
        }
    }
}
