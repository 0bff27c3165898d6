//! The plain convolutional network: convolutions and pools in turn, then a linear layer.
//! Does not know what the images are.

use super::layers::{Then, around, conv, halving, output, settle};
use super::{Builder, ImageShape, Interface};
use crate::config::ModelSpec;
use crate::net::engine::Program;

/// 3×3 convolutions, each with an activation and pooling of 2×2 pixels as long as there are so many.
pub(super) fn build(model: &ModelSpec, images: ImageShape, ends: Interface) -> Program {
    let mut net = Builder::new(ends.n_inputs);
    let mut image = images.image;
    let mut x = 0;
    for (layer, n_channels) in model.hidden.iter().enumerate() {
        let layer = format!("layer{layer}");
        net.begin(&layer);
        if x == 0 {
            x = net.reshape(x, image.positions());
        }
        let (z, _) = conv(&mut net, model, &layer, x, *n_channels, around(image, 3, 1));
        x = settle(&mut net, model, &layer, z, Then::Activate);
        if let Some(window) = halving(image) {
            (x, image) = net.pool(x, model.pool, window);
        }
    }
    if x != 0 {
        x = net.reshape(x, 1);
    }
    output(&mut net, model, &format!("layer{}", model.hidden.len()), x, ends.n_outputs);
    net.finish()
}
