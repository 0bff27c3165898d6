//! The transformer: alternating attention and per-token MLPs on a residual stream.

use super::shared_layers::output;
use super::{Builder, Fans, ImageShape, Interface};
use crate::config::{Activation, InputShape, ModelSpec, Normalization, Placement};
use crate::net::engine::Program;
use crate::net::ops::attention::Mask;
use crate::net::ops::patches::Patches;
use crate::net::sliding_window::Image;

/// Hidden units of the per-token MLP per feature of the residual stream.
const MLP_RATIO: usize = 4;

/// Learned positions, blocks, and a linear output.
///
/// A sequence is read causally and its predictions are made at the last positions. An image is cut
/// into patches, one token each, and its prediction is made from the mean over tokens.
pub(super) fn build(model: &ModelSpec, images: ImageShape, interface: Interface) -> Program {
    let d = model.width;
    let mut net = Builder::new(interface.n_inputs);
    net.begin("embedding");
    let (x, mask) = match interface.shape {
        InputShape::Tokens { vocabulary, .. } => {
            (net.embedding("embedding", 0, vocabulary, d), Mask::Causal)
        }
        InputShape::Image { .. } | InputShape::Flat => {
            let image = images.image;
            let fit = |pixels: usize| model.patch.min(pixels);
            let size = Image { height: fit(image.height), width: fit(image.width) };
            let patches = Patches { image, channels: images.channels, size };
            let x = net.patches(0, patches);
            (dense(&mut net, model, x, "embedding", d, Activation::Linear), Mask::None)
        }
    };
    let mut x = net.positions("positions", x);
    for block in 1..=model.blocks {
        let name = format!("block{block}");
        net.begin(&format!("{name}.attention"));
        x = branch(&mut net, model, x, &format!("{name}.attention"), |net, x| {
            attention(net, model, x, &name, mask)
        });
        net.begin(&format!("{name}.mlp"));
        x = branch(&mut net, model, x, &format!("{name}.mlp"), |net, x| {
            let n_hidden = MLP_RATIO * model.width;
            let hidden = format!("{name}.hidden");
            let h = dense(net, model, x, &hidden, n_hidden, model.activation);
            dense(net, model, h, &format!("{name}.back"), model.width, Activation::Linear)
        });
    }
    net.begin("end");
    if model.placement == Placement::Pre {
        x = norm(&mut net, model, x, "end");
    }
    x = match mask {
        Mask::Causal => {
            let first = net.shape(x).positions.saturating_sub(interface.n_positions);
            net.take(x, first, interface.n_positions)
        }
        Mask::None => net.mean_positions(x),
    };
    output(&mut net, model, "output", x, interface.n_outputs);
    net.finish()
}

/// x + f(norm(x)), or norm(x + f(x)).
fn branch(
    net: &mut Builder,
    model: &ModelSpec,
    x: usize,
    name: &str,
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

/// Layer norm of every token separately, if configured.
fn norm(net: &mut Builder, model: &ModelSpec, x: usize, name: &str) -> usize {
    match model.normalization {
        Normalization::Layer => net.layer_norm(&format!("{name}.norm"), x, 1),
        Normalization::None | Normalization::Batch | Normalization::Group => x,
    }
}

/// Attention of all heads and its output projection.
fn attention(net: &mut Builder, model: &ModelSpec, x: usize, name: &str, mask: Mask) -> usize {
    let d = model.width;
    let [mut q, mut k, v] = ["query", "key", "value"]
        .map(|part| dense(net, model, x, &format!("{name}.{part}"), d, Activation::Linear));
    if model.qk_norm {
        q = net.head_norm(&format!("{name}.query.norm"), q, model.heads);
        k = net.head_norm(&format!("{name}.key.norm"), k, model.heads);
    }
    let attended = net.attention(q, k, v, model.heads, mask);
    dense(net, model, attended, &format!("{name}.mix"), d, Activation::Linear)
}

/// A linear layer with bias and activation.
fn dense(
    net: &mut Builder,
    model: &ModelSpec,
    x: usize,
    layer: &str,
    n_units: usize,
    activation: Activation,
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
    use super::*;
    use crate::config::Architecture;

    const T: usize = 4;
    const D_MODEL: usize = 4;

    const HEADS: usize = 2;

    fn model() -> ModelSpec {
        ModelSpec {
            width: D_MODEL,
            blocks: 2,
            heads: HEADS,
            patch: 2,
            ..Architecture::Transformer.default_model()
        }
    }

    fn sorting(vocabulary: usize, n_positions: usize) -> Interface {
        let shape = InputShape::Tokens { length: T, vocabulary };
        Interface { n_inputs: T, shape, n_positions, n_outputs: 3 }
    }

    #[test]
    fn every_layer_of_a_transformer_has_a_unique_name() {
        let program = Program::of(&model(), sorting(5, 2));
        let mut names: Vec<_> = program.params().iter().map(|spec| spec.name.as_str()).collect();
        assert_eq!(names[..3], ["embedding.weight", "positions.weight", "block1.query.weight"]);
        assert_eq!(names.len(), 2 + 2 * 12 + 2);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 2 + 2 * 12 + 2);
        // 5·4 and 4·4 embeddings; per block 4·(4·4 + 4) + (16·4 + 16) + (4·16 + 4); then 3·4 + 3.
        assert_eq!(program.n_params(), 36 + 2 * 228 + 15);
        assert!(program.params().iter().rev().take(2).all(|spec| spec.is_output));
    }
}
