//! The densely connected convolutional network (arXiv 1608.06993), without bottlenecks.

use super::shared_layers::{Product, Then, complete, conv, output, pool_window, same_padded};
use super::{Builder, Fans, ImageShape, Interface};
use crate::config::{ModelSpec, PoolKind};
use crate::net::engine::Program;

/// Number of dense blocks.
const N_BLOCKS: usize = 3;

/// A 3×3 stem; three dense blocks of `blocks` layers, each appending `width` channels; between
/// blocks, transitions that halve channels and image; the mean over all pixels; a classifier.
pub(super) fn build(model: &ModelSpec, images: ImageShape, interface: Interface) -> Program {
    let (growth, mut image) = (model.width, images.image);
    let mut net = Builder::new(interface.n_inputs);
    net.begin("stem");
    let x = net.reshape(0, image.positions());
    let (stem, _) = conv(&mut net, model, "stem", x, 2 * growth, same_padded(image, 3, 1));
    let mut x = stem.z;
    for block in 1..=N_BLOCKS {
        for layer in 1..=model.blocks {
            let name = format!("block{block}.layer{layer}");
            net.begin(&name);
            let y = prepared(&mut net, model, &name, x);
            let (y, _) = conv(&mut net, model, &name, y, growth, same_padded(image, 3, 1));
            x = net.concat(&[x, y.z]);
        }
        if block == N_BLOCKS {
            continue;
        }
        let name = format!("transition{block}");
        net.begin(&name);
        let y = prepared(&mut net, model, &name, x);
        // Half the channels, rounded down to a multiple of the growth.
        let n_channels = (net.shape(x).features / (2 * growth)).max(1) * growth;
        let (y, _) = conv(&mut net, model, &name, y, n_channels, same_padded(image, 1, 1));
        x = y.z;
        if let Some(window) = pool_window(image) {
            (x, image) = net.pool(x, PoolKind::Average, window);
        }
    }
    net.begin("end");
    let x = prepared(&mut net, model, "end", x);
    let x = net.mean_positions(x);
    output(&mut net, model, "output", x, interface.n_outputs);
    net.finish()
}

/// Normalizes, or else biases, and activates a layer's input.
fn prepared(net: &mut Builder, model: &ModelSpec, name: &str, x: usize) -> usize {
    let n = net.shape(x).features;
    let fans = Fans { fan_in: n, fan_out: n };
    complete(net, model, name, Product { z: x, fans }, Then::Activate)
}
