//! The transformer: attention and a small network for each position in turn, beside a residual
//! stream. Does not know what its tokens mean.

use super::layers::output;
use super::{Builder, Fans, ImageShape, Interface};
use crate::config::{Activation, InputShape, ModelSpec, Normalization, Placement};
use crate::net::kernels::Mask;
use crate::net::ops::Patches;
use crate::net::program::Program;
use crate::net::window::Image;

/// Hidden units of the small network for each feature of the stream.
const MLP_RATIO: usize = 4;

/// Learned positions, blocks, and a linear output.
///
/// A sequence is read causally and answered at its last positions; an image is cut into patches, a
/// token each, and answered from the mean over them.
pub(super) fn build(model: &ModelSpec, (images, ends): (ImageShape, Interface)) -> Program {
    let d = model.width;
    let mut net = Builder::new(ends.n_inputs);
    net.begin("embedding");
    let (x, mask) = match ends.shape {
        InputShape::Tokens { vocabulary, .. } => {
            (net.embedding("embedding", 0, vocabulary, d), Mask::Causal)
        }
        InputShape::Image { .. } | InputShape::Flat => {
            let image = images.image;
            let fit = |pixels: usize| model.patch.min(pixels);
            let size = Image { height: fit(image.height), width: fit(image.width) };
            let patches = Patches { image, channels: images.channels, size };
            let x = net.patches(0, patches);
            (dense(&mut net, model, x, "embedding", (d, Activation::Linear)), Mask::None)
        }
    };
    let mut x = net.positions("positions", x);
    for block in 1..=model.blocks {
        let name = format!("block{block}");
        net.begin(&format!("{name}.attention"));
        x = branch(&mut net, model, (x, &format!("{name}.attention")), |net, x| {
            attention(net, model, (x, &name), mask)
        });
        net.begin(&format!("{name}.mlp"));
        x = branch(&mut net, model, (x, &format!("{name}.mlp")), |net, x| {
            let n_hidden = MLP_RATIO * model.width;
            let hidden = format!("{name}.hidden");
            let h = dense(net, model, x, &hidden, (n_hidden, model.activation));
            dense(net, model, h, &format!("{name}.back"), (model.width, Activation::Linear))
        });
    }
    net.begin("end");
    if model.placement == Placement::Pre {
        x = norm(&mut net, model, x, "end");
    }
    x = match mask {
        Mask::Causal => {
            let first = net.shape(x).positions.saturating_sub(ends.n_positions);
            net.take(x, first, ends.n_positions)
        }
        Mask::None => net.mean_positions(x),
    };
    output(&mut net, model, "output", (x, ends.n_outputs));
    net.finish()
}

/// x + f(norm(x)), or norm(x + f(x)).
fn branch(
    net: &mut Builder,
    model: &ModelSpec,
    (x, name): (usize, &str),
    f: impl FnOnce(&mut Builder, usize) -> usize,
) -> usize {
    match model.placement {
        Placement::Pre => {
            let y = norm(net, model, x, name);
            let y = f(net, y);
            net.add(x, y)
        }
        Placement::Post => {
            let y = f(net, x);
            let sum = net.add(x, y);
            norm(net, model, sum, name)
        }
    }
}

/// Layer norm of every token on its own, where the network has it.
fn norm(net: &mut Builder, model: &ModelSpec, x: usize, name: &str) -> usize {
    match model.normalization {
        Normalization::Layer => net.layer_norm(&format!("{name}.norm"), x, 1),
        Normalization::None | Normalization::Batch | Normalization::Group => x,
    }
}

/// Attention of all heads, and the layer that mixes them.
fn attention(net: &mut Builder, model: &ModelSpec, (x, name): (usize, &str), mask: Mask) -> usize {
    let d = model.width;
    let [mut q, mut k, v] = ["query", "key", "value"]
        .map(|part| dense(net, model, x, &format!("{name}.{part}"), (d, Activation::Linear)));
    if model.qk_norm {
        q = net.head_norm(&format!("{name}.query.norm"), q, model.heads);
        k = net.head_norm(&format!("{name}.key.norm"), k, model.heads);
    }
    let attended = net.attention((q, k, v), model.heads, mask);
    dense(net, model, attended, &format!("{name}.mix"), (d, Activation::Linear))
}

/// A linear layer with bias and activation.
fn dense(
    net: &mut Builder,
    model: &ModelSpec,
    x: usize,
    layer: &str,
    (n_units, activation): (usize, Activation),
) -> usize {
    let fans = Fans { fan_in: net.shape(x).features, fan_out: n_units };
    let z = if model.sigma_reparam {
        net.spectral_linear(layer, x, n_units)
    } else {
        net.linear(layer, x, n_units)
    };
    net.bias_activation(z, model.bias.then_some((layer, fans)), activation)
}

#[cfg(test)]
mod tests {
    use candle_core::{D, Device, Result, Tensor};

    use super::*;
    use crate::config::Architecture;
    use crate::net::oracle;

    const T: usize = 4;
    const D_MODEL: usize = 4;

    const HEADS: usize = 2;

    fn model() -> ModelSpec {
        ModelSpec {
            width: D_MODEL,
            blocks: 2,
            heads: HEADS,
            patch: 2,
            ..Architecture::Transformer.usual()
        }
    }

    fn sorting(vocabulary: usize, n_positions: usize) -> Interface {
        let shape = InputShape::Tokens { length: T, vocabulary };
        Interface { n_inputs: T, shape, n_positions, n_outputs: 3 }
    }

    /// x·wᵀ + b with the next two parameters.
    fn affine(x: &Tensor, w: &mut std::slice::Iter<'_, Tensor>) -> Result<Tensor> {
        let (weight, bias) = (w.next().unwrap(), w.next().unwrap());
        x.broadcast_matmul(&weight.t()?)?.broadcast_add(bias)
    }

    /// The same blocks from candle's operations, on `[n, t, d]`.
    fn twin(
        last: Option<usize>,
        mut x: Tensor,
        w: &mut std::slice::Iter<'_, Tensor>,
    ) -> Result<Tensor> {
        let (n, t, d) = x.dims3()?;
        let by_head =
            |x: Tensor| x.reshape((n, t, HEADS, d / HEADS))?.transpose(1, 2)?.contiguous();
        let hidden = (0..t * t).map(|i| if i % t > i / t { -1e30 } else { 0.0 }).collect();
        let hidden: Tensor = Tensor::from_vec(hidden, (t, t), &Device::Cpu)?;
        for _ in 0..2 {
            let (q, k, v) = (affine(&x, w)?, affine(&x, w)?, affine(&x, w)?);
            let (q, k, v) = (by_head(q)?, by_head(k)?, by_head(v)?);
            let z = (q.matmul(&k.t()?.contiguous()?)? / ((d / HEADS) as f64).sqrt())?;
            let z = match last {
                Some(_) => z.broadcast_add(&hidden)?,
                None => z,
            };
            let y = candle_nn::ops::softmax(&z, D::Minus1)?.matmul(&v)?;
            let y = y.transpose(1, 2)?.contiguous()?.reshape((n, t, d))?;
            x = (&x + affine(&y, w)?)?;
            let z = affine(&x, w)?;
            let cdf = (&z * std::f64::consts::FRAC_1_SQRT_2)?.erf()?.affine(0.5, 0.5)?;
            x = (&x + affine(&(z * cdf)?, w)?)?;
        }
        let x = match last {
            Some(count) => x.narrow(1, t - count, count)?.reshape((n * count, d))?,
            None => x.mean(1)?,
        };
        affine(&x, w)
    }

    #[test]
    fn a_transformer_that_predicts_its_last_tokens_has_exact_derivatives() {
        let vocabulary = 5;
        let tokens = (0..5 * T).map(|i| ((i * i + i / 3) % vocabulary) as f64).collect();
        let tokens = Tensor::from_vec(tokens, (5, T), &Device::Cpu).unwrap();
        let from_candle = |w: &[Tensor], x: &Tensor| {
            let tokens = x.flatten_all()?.to_vec1::<f64>()?;
            let rows = tokens.into_iter().flat_map(|token| {
                (0..vocabulary).map(move |i| f64::from(u8::from(i as f64 == token)))
            });
            let one_hot = Tensor::from_vec(rows.collect(), (5 * T, vocabulary), &Device::Cpu)?;
            let x = one_hot.matmul(&w[0])?.reshape((5, T, D_MODEL))?.broadcast_add(&w[1])?;
            twin(Some(2), x, &mut w[2..].iter())
        };
        let program = Program::of(&model(), sorting(vocabulary, 2));
        oracle::check(&program, Some(&tokens), Some(&from_candle));
    }

    #[test]
    fn a_transformer_that_classifies_images_has_exact_derivatives() {
        let from_candle = |w: &[Tensor], x: &Tensor| {
            let x = x.reshape((5, 2, 2, 2, 2))?.transpose(2, 3)?.reshape((5, T, 4))?;
            let x = affine(&x, &mut w.iter())?.broadcast_add(&w[2])?;
            twin(None, x, &mut w[3..].iter())
        };
        let program = Program::of(&model(), Interface::image([4, 4, 1], 3));
        oracle::check(&program, None, Some(&from_candle));
    }

    #[test]
    fn every_layer_of_a_transformer_has_a_name_of_its_own() {
        let program = Program::of(&model(), sorting(5, 2));
        let mut names: Vec<_> = program.params().iter().map(|spec| spec.name.as_str()).collect();
        assert_eq!(names[..3], ["embedding.weight", "positions.weight", "block1.query.weight"]);
        assert_eq!(names.len(), 2 + 2 * 12 + 2);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 2 + 2 * 12 + 2);
        // 5·4 and 4·4 numbers; a block has 4·(4·4 + 4) + (16·4 + 16) + (4·16 + 4); then 3·4 + 3.
        assert_eq!(program.n_params(), 36 + 2 * 228 + 15);
        assert!(program.params().iter().rev().take(2).all(|spec| spec.is_output));
    }
}
