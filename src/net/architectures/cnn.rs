//! The plain convolutional network: alternating convolutions and pooling, then a linear layer.

use super::shared_layers::{Then, complete, conv, output, pool_window, same_padded};
use super::{Builder, ImageShape, Interface};
use crate::config::ModelSpec;
use crate::net::engine::Program;

/// 3×3 convolutions, each followed by an activation and 2×2 pooling until one pixel is left, then a
/// linear layer.
pub(super) fn build(model: &ModelSpec, images: ImageShape, interface: Interface) -> Program {
    let mut net = Builder::new(interface.n_inputs);
    let mut image = images.image;
    let mut x = 0;
    for (layer, n_channels) in model.hidden.iter().enumerate() {
        let layer = format!("layer{layer}");
        net.begin(&layer);
        if x == 0 {
            x = net.reshape(x, image.positions());
        }
        let (z, _) = conv(&mut net, model, &layer, x, *n_channels, same_padded(image, 3, 1));
        x = complete(&mut net, model, &layer, z, Then::Activate);
        if let Some(window) = pool_window(image) {
            (x, image) = net.pool(x, model.pool, window);
        }
    }
    if x != 0 {
        x = net.reshape(x, 1);
    }
    output(&mut net, model, &format!("layer{}", model.hidden.len()), x, interface.n_outputs);
    net.finish()
}
