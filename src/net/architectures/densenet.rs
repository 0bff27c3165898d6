//! The densely connected convolutional network (arXiv 1608.06993), without bottlenecks.
//! Does not know what the images are.

use super::layers::{Product, Then, around, conv, halving, output, settle};
use super::{Builder, Fans, ImageShape, Interface};
use crate::config::{ModelSpec, PoolKind};
use crate::net::engine::Program;

/// Dense blocks.
const N_BLOCKS: usize = 3;

/// A 3×3 stem, three blocks of `blocks` layers that each add `width` channels to what all after
/// them read, transitions that halve channels and image, the mean over all pixels, a classifier.
pub(super) fn build(model: &ModelSpec, images: ImageShape, ends: Interface) -> Program {
    let (growth, mut image) = (model.width, images.image);
    let mut net = Builder::new(ends.n_inputs);
    net.begin("stem");
    let x = net.reshape(0, image.positions());
    let (stem, _) = conv(&mut net, model, "stem", x, 2 * growth, around(image, 3, 1));
    let mut x = stem.z;
    for block in 1..=N_BLOCKS {
        for layer in 1..=model.blocks {
            let name = format!("block{block}.layer{layer}");
            net.begin(&name);
            let y = prepared(&mut net, model, &name, x);
            let (y, _) = conv(&mut net, model, &name, y, growth, around(image, 3, 1));
            x = net.concat(&[x, y.z]);
        }
        if block == N_BLOCKS {
            continue;
        }
        let name = format!("transition{block}");
        net.begin(&name);
        let y = prepared(&mut net, model, &name, x);
        // Half the channels, in whole steps of the growth.
        let n_channels = (net.shape(x).features / (2 * growth)).max(1) * growth;
        let (y, _) = conv(&mut net, model, &name, y, n_channels, around(image, 1, 1));
        x = y.z;
        if let Some(window) = halving(image) {
            (x, image) = net.pool(x, PoolKind::Average, window);
        }
    }
    net.begin("end");
    let x = prepared(&mut net, model, "end", x);
    let x = net.mean_positions(x);
    output(&mut net, model, "output", x, ends.n_outputs);
    net.finish()
}

/// Normalization or bias, and activation, of what a layer reads.
fn prepared(net: &mut Builder, model: &ModelSpec, name: &str, x: usize) -> usize {
    let n = net.shape(x).features;
    let fans = Fans { fan_in: n, fan_out: n };
    settle(net, model, name, Product { z: x, fans }, Then::Activate)
}
