//! Parts that several networks share: layers with what normalizes and activates them.
//! Does not know in which network they stand.

use super::{Builder, Fans};
use crate::config::{Activation, Batch, ModelSpec, N_GROUPS, Normalization};
use crate::net::window::{Filter, Image, Window};

/// φ after a layer, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The network's activation.
    Activate,
    /// Nothing: a sum or a loss follows.
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

/// The product of a layer's weight with what the layer reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Product {
    /// The value.
    pub(super) z: usize,
    /// Of the layer.
    pub(super) fans: Fans,
}

/// What follows the product of a hidden layer: its normalization, or else its bias; then φ.
pub(super) fn settle(
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

/// The value as the network normalizes it, over all positions of an example where there are many.
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

/// The product of a hidden linear layer.
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

/// The product of a convolution of so many channels, and its image.
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

/// A hidden linear layer with what follows it.
pub(super) fn hidden(
    net: &mut Builder,
    model: &ModelSpec,
    layer: &str,
    x: usize,
    n_units: usize,
    then: Then,
) -> usize {
    let product = linear(net, model, layer, x, n_units);
    settle(net, model, layer, product, then)
}

/// The last layer: linear, with a bias if the network has them.
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

/// A window of at most `size`×`size` pixels at every `stride`-th pixel; what it lacks at the borders
/// is zeros. On an image of one row it has one row.
pub(super) fn around(image: Image, size: usize, stride: usize) -> Filter {
    let fit = |pixels: usize| if pixels == 1 { 1 } else { size };
    let kernel = Image { height: fit(image.height), width: fit(image.width) };
    Filter { window: Window { image, kernel, stride, padding: size / 2 }, groups: 1 }
}

/// Windows of 2×2 pixels side by side, of one row on an image of one row; none where one pixel is left.
pub(super) fn halving(image: Image) -> Option<Window> {
    let fit = |pixels: usize| pixels.min(2);
    let kernel = Image { height: fit(image.height), width: fit(image.width) };
    (kernel.positions() > 1).then_some(Window { image, kernel, stride: 2, padding: 0 })
}
