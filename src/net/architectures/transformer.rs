//! The transformer: attention and a small network for each position in turn, beside a residual
//! stream. Does not know what its tokens mean.

use super::{Builder, Fans};
use crate::config::Activation;
use crate::net::kernels::Mask;
use crate::net::ops::Patches;
use crate::net::program::Program;

/// A transformer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transformer {
    /// What an example is.
    pub input: Tokens,
    /// Features of a position in the residual stream; a multiple of `heads`.
    pub d_model: usize,
    /// Blocks of attention and a small network.
    pub layers: usize,
    /// Heads of each attention.
    pub heads: usize,
    /// Hidden units of the small network for each feature of the stream.
    pub mlp_ratio: usize,
    /// Of the small network.
    pub activation: Activation,
    /// What is predicted.
    pub output: Predictions,
    /// Numbers of one prediction.
    pub n_outputs: usize,
}

/// What a transformer's examples are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tokens {
    /// `length` whole numbers below `vocabulary`, each with a learned vector.
    Words {
        /// Different numbers.
        vocabulary: usize,
        /// Numbers of an example.
        length: usize,
    },
    /// Patches of an image, each through a linear layer.
    Patches(Patches),
}

/// What a transformer predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predictions {
    /// One for each of so many positions at the end, from itself and what is before it.
    Last(usize),
    /// One for each example, from the mean over its positions.
    Mean,
}

impl Program {
    /// A transformer with a bias in every layer.
    #[must_use]
    pub fn transformer(model: &Transformer) -> Self {
        build(model)
    }
}

/// Learned positions, blocks without normalization, and a linear output.
pub(in crate::net) fn build(model: &Transformer) -> Program {
    let d = model.d_model;
    let (mut net, x) = match model.input {
        Tokens::Words { vocabulary, length } => {
            let mut net = Builder::new(length);
            let x = net.embedding("embedding", 0, vocabulary, d);
            (net, x)
        }
        Tokens::Patches(patches) => {
            let mut net = Builder::new(patches.height * patches.width * patches.channels);
            let x = net.patches(0, patches);
            let x = dense(&mut net, x, "embedding", (d, Activation::Linear));
            (net, x)
        }
    };
    let mut x = net.positions("positions", x);
    for layer in 0..model.layers {
        x = block(&mut net, x, &format!("block{layer}"), model);
    }
    let x = match model.output {
        Predictions::Last(count) => {
            let first = net.shape(x).positions.saturating_sub(count);
            net.take(x, first, count)
        }
        Predictions::Mean => net.mean_positions(x),
    };
    net.begin_output();
    dense(&mut net, x, "output", (model.n_outputs, Activation::Linear));
    net.finish()
}

/// x ← x + attention(x), then x ← x + mlp(x).
fn block(net: &mut Builder, x: usize, name: &str, model: &Transformer) -> usize {
    let d = model.d_model;
    let mask = match model.output {
        Predictions::Last(_) => Mask::Causal,
        Predictions::Mean => Mask::None,
    };
    let [q, k, v] = ["query", "key", "value"]
        .map(|part| dense(net, x, &format!("{name}.{part}"), (d, Activation::Linear)));
    let attended = net.attention((q, k, v), model.heads, mask);
    let branch = dense(net, attended, &format!("{name}.mix"), (d, Activation::Linear));
    let x = net.add(x, branch);
    let hidden = dense(net, x, &format!("{name}.hidden"), (model.mlp_ratio * d, model.activation));
    let branch = dense(net, hidden, &format!("{name}.back"), (d, Activation::Linear));
    net.add(x, branch)
}

/// A linear layer with bias and activation.
fn dense(
    net: &mut Builder,
    x: usize,
    layer: &str,
    (n_units, activation): (usize, Activation),
) -> usize {
    let fans = Fans { fan_in: net.shape(x).features, fan_out: n_units };
    let z = net.linear(layer, x, n_units);
    net.bias_activation(z, Some((layer, fans)), activation)
}

#[cfg(test)]
mod tests {
    use candle_core::{D, Device, Result, Tensor};

    use super::*;
    use crate::net::oracle;

    const T: usize = 4;
    const D_MODEL: usize = 4;

    fn model(input: Tokens, output: Predictions) -> Transformer {
        let activation = Activation::Gelu;
        let (layers, heads, mlp_ratio, n_outputs) = (2, 2, 2, 3);
        let d_model = D_MODEL;
        Transformer { input, d_model, layers, heads, mlp_ratio, activation, output, n_outputs }
    }

    /// x·wᵀ + b with the next two parameters.
    fn affine(x: &Tensor, w: &mut std::slice::Iter<'_, Tensor>) -> Result<Tensor> {
        let (weight, bias) = (w.next().unwrap(), w.next().unwrap());
        x.broadcast_matmul(&weight.t()?)?.broadcast_add(bias)
    }

    /// The same blocks from candle's operations, on `[n, t, d]`.
    fn twin(
        model: &Transformer,
        mut x: Tensor,
        w: &mut std::slice::Iter<'_, Tensor>,
    ) -> Result<Tensor> {
        let (n, t, d) = x.dims3()?;
        let by_head = |x: Tensor| {
            x.reshape((n, t, model.heads, d / model.heads))?.transpose(1, 2)?.contiguous()
        };
        let hidden = (0..t * t).map(|i| if i % t > i / t { -1e30 } else { 0.0 }).collect();
        let hidden: Tensor = Tensor::from_vec(hidden, (t, t), &Device::Cpu)?;
        for _ in 0..model.layers {
            let (q, k, v) = (affine(&x, w)?, affine(&x, w)?, affine(&x, w)?);
            let (q, k, v) = (by_head(q)?, by_head(k)?, by_head(v)?);
            let z = (q.matmul(&k.t()?.contiguous()?)? / ((d / model.heads) as f64).sqrt())?;
            let z = match model.output {
                Predictions::Last(_) => z.broadcast_add(&hidden)?,
                Predictions::Mean => z,
            };
            let y = candle_nn::ops::softmax(&z, D::Minus1)?.matmul(&v)?;
            let y = y.transpose(1, 2)?.contiguous()?.reshape((n, t, d))?;
            x = (&x + affine(&y, w)?)?;
            let z = affine(&x, w)?;
            let cdf = (&z * std::f64::consts::FRAC_1_SQRT_2)?.erf()?.affine(0.5, 0.5)?;
            x = (&x + affine(&(z * cdf)?, w)?)?;
        }
        let x = match model.output {
            Predictions::Last(count) => x.narrow(1, t - count, count)?.reshape((n * count, d))?,
            Predictions::Mean => x.mean(1)?,
        };
        affine(&x, w)
    }

    #[test]
    fn a_transformer_that_predicts_its_last_tokens_has_exact_derivatives() {
        let vocabulary = 5;
        let model = model(Tokens::Words { vocabulary, length: T }, Predictions::Last(2));
        let tokens = (0..5 * T).map(|i| ((i * i + i / 3) % vocabulary) as f64).collect();
        let tokens = Tensor::from_vec(tokens, (5, T), &Device::Cpu).unwrap();
        let from_candle = |w: &[Tensor], x: &Tensor| {
            let tokens = x.flatten_all()?.to_vec1::<f64>()?;
            let rows = tokens.into_iter().flat_map(|token| {
                (0..vocabulary).map(move |i| f64::from(u8::from(i as f64 == token)))
            });
            let one_hot = Tensor::from_vec(rows.collect(), (5 * T, vocabulary), &Device::Cpu)?;
            let x = one_hot.matmul(&w[0])?.reshape((5, T, D_MODEL))?.broadcast_add(&w[1])?;
            twin(&model, x, &mut w[2..].iter())
        };
        oracle::check(&Program::transformer(&model), Some(&tokens), Some(&from_candle));
    }

    #[test]
    fn a_transformer_that_classifies_images_has_exact_derivatives() {
        let patches = Patches { height: 4, width: 4, channels: 1, size: 2 };
        let model = model(Tokens::Patches(patches), Predictions::Mean);
        let from_candle = |w: &[Tensor], x: &Tensor| {
            let x = x.reshape((5, 2, 2, 2, 2))?.transpose(2, 3)?.reshape((5, T, 4))?;
            let x = affine(&x, &mut w.iter())?.broadcast_add(&w[2])?;
            twin(&model, x, &mut w[3..].iter())
        };
        oracle::check(&Program::transformer(&model), None, Some(&from_candle));
    }

    #[test]
    fn every_layer_of_a_transformer_has_a_name_of_its_own() {
        let model = model(Tokens::Words { vocabulary: 5, length: T }, Predictions::Last(2));
        let program = Program::transformer(&model);
        let mut names: Vec<_> = program.params().iter().map(|spec| spec.name.as_str()).collect();
        assert_eq!(names[..3], ["embedding.weight", "positions.weight", "block0.query.weight"]);
        assert_eq!(names.len(), 2 + 2 * 12 + 2);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 2 + 2 * 12 + 2);
        // 5·4 and 4·4 numbers; a block has 4·(4·4 + 4) + (8·4 + 8) + (4·8 + 4); then 3·4 + 3.
        assert_eq!(program.n_params(), 36 + 2 * 156 + 15);
        assert!(program.params().iter().rev().take(2).all(|spec| spec.is_output));
    }
}
