//! Layers with their normalization and activation, shared by several networks.

use super::{Builder, Fans};
use crate::config::{Activation, Batch, ModelSpec, N_GROUPS, Normalization};
use crate::net::sliding_window::{Filter, Image, Window};

/// Whether an activation follows a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The network's activation.
    Activate,
    /// None: a sum or a loss follows.
    Nothing,
}

impl Then {
    fn activation(self, model: &ModelSpec) -> Activation {
        match self {
            Self::Activate => model.activation,
            Self::Nothing => Activation::Linear,
        }
    }
}

/// A layer's weight · input, before normalization, bias and activation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Product {
    /// Value index.
    pub(super) z: usize,
    /// Fans of the layer.
    pub(super) fans: Fans,
}

/// Completes a hidden layer: normalization, or else bias; then φ.
pub(super) fn complete(
    net: &mut Builder,
    model: &ModelSpec,
    layer: &str,
    product: Product,
    then: Then,
) -> usize {
    let Product { z, fans } = product;
    let activation = then.activation(model);
    if model.normalization == Normalization::None {
        return net.bias_activation(z, model.bias.then_some((layer, fans)), activation);
    }
    let z = normalized(net, model, layer, z);
    net.bias_activation(z, None, activation)
}

/// Normalizes a value as configured. Layer and group normalization span all positions of an
/// example.
pub(super) fn normalized(net: &mut Builder, model: &ModelSpec, layer: &str, z: usize) -> usize {
    match model.normalization {
        Normalization::None => z,
        Normalization::Batch => {
            let ghost = match model.ghost_batch {
                Batch::Full => None,
                Batch::Size(n) => Some(n.get()),
            };
            net.batch_norm(layer, z, ghost)
        }
        Normalization::Layer => {
            let positions = net.shape(z).positions;
            net.layer_norm(layer, z, positions)
        }
        Normalization::Group => net.group_norm(layer, z, N_GROUPS),
    }
}

/// The weight · input of a hidden linear layer.
pub(super) fn linear(
    net: &mut Builder,
    model: &ModelSpec,
    layer: &str,
    x: usize,
    n_units: usize,
) -> Product {
    let fans = Fans { fan_in: net.shape(x).features, fan_out: n_units };
    let z = net.linear(layer, x, n_units);
    if model.weight_standardisation {
        net.standardise_weight();
    }
    Product { z, fans }
}

/// The weight · input of a convolution to `n_channels`, and its image size.
pub(super) fn conv(
    net: &mut Builder,
    model: &ModelSpec,
    layer: &str,
    x: usize,
    n_channels: usize,
    filter: Filter,
) -> (Product, Image) {
    let (z, image, fans) = net.conv(layer, x, n_channels, filter);
    if model.weight_standardisation {
        net.standardise_weight();
    }
    (Product { z, fans }, image)
}

/// A complete hidden linear layer.
pub(super) fn hidden(
    net: &mut Builder,
    model: &ModelSpec,
    layer: &str,
    x: usize,
    n_units: usize,
    then: Then,
) -> usize {
    let product = linear(net, model, layer, x, n_units);
    complete(net, model, layer, product, then)
}

/// The last layer: linear, with a bias if the network has biases.
pub(super) fn output(
    net: &mut Builder,
    model: &ModelSpec,
    layer: &str,
    x: usize,
    n_outputs: usize,
) -> usize {
    net.begin_output(layer);
    let fans = Fans { fan_in: net.shape(x).features, fan_out: n_outputs };
    let z = net.linear(layer, x, n_outputs);
    net.bias_activation(z, model.bias.then_some((layer, fans)), Activation::Linear)
}

/// A zero-padded window of `size`×`size` pixels, centred on every `stride`-th pixel; of one row on
/// an image of one row.
pub(super) fn same_padded(image: Image, size: usize, stride: usize) -> Filter {
    let fit = |pixels: usize| if pixels == 1 { 1 } else { size };
    let kernel = Image { height: fit(image.height), width: fit(image.width) };
    Filter { window: Window { image, kernel, stride, padding: size / 2 }, groups: 1 }
}

/// Adjacent windows of 2×2 pixels, of one row on an image of one row; `None` for an image of one
/// pixel.
pub(super) fn pool_window(image: Image) -> Option<Window> {
    let fit = |pixels: usize| pixels.min(2);
    let kernel = Image { height: fit(image.height), width: fit(image.width) };
    (kernel.positions() > 1).then_some(Window { image, kernel, stride: 2, padding: 0 })
}
