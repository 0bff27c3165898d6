//! The residual convolutional network for small images (arXiv 1512.03385, section 4.2).

use super::branch::{Branch, begin_fixup, end_fixup};
use super::shared_layers::{Then, complete, conv, normalized, output, same_padded};
use super::{Builder, ImageShape, Interface};
use crate::config::ModelSpec;
use crate::net::engine::Program;
use crate::net::sliding_window::Image;

/// Number of stages; each halves the image's height and width and doubles the channels.
const N_STAGES: usize = 3;

/// A 3×3 stem, three stages of `blocks` basic blocks, the mean over all pixels, and a classifier:
/// 6·blocks + 2 layers, plus a 1×1 convolution on each shortcut where the size changes.
pub(super) fn build(model: &ModelSpec, images: ImageShape, interface: Interface) -> Program {
    let mut net = Builder::new(interface.n_inputs);
    net.begin("stem");
    let x = net.reshape(0, images.image.positions());
    let (z, mut image) =
        conv(&mut net, model, "stem", x, model.width, same_padded(images.image, 3, 1));
    let mut x = if Branch::is_fixup(model) {
        begin_fixup(&mut net, model, z.z)
    } else {
        complete(&mut net, model, "stem", z, Then::Activate)
    };
    for stage in 0..N_STAGES {
        for block in 0..model.blocks {
            let stride = if stage > 0 && block == 0 { 2 } else { 1 };
            let name = format!("stage{}.block{}", stage + 1, block + 1);
            (x, image) = basic(
                &mut net,
                model,
                &name,
                x,
                image,
                Size { n_channels: model.width << stage, stride },
            );
        }
    }
    x = net.mean_positions(x);
    if Branch::is_fixup(model) {
        x = end_fixup(&mut net, x);
    }
    output(&mut net, model, "output", x, interface.n_outputs);
    net.finish()
}

/// Output channels and stride of a block.
#[derive(Clone, Copy)]
struct Size {
    n_channels: usize,
    stride: usize,
}

/// A basic block: φ(x + two 3×3 convolutions of x). Returns its value index and image size.
fn basic(
    net: &mut Builder,
    model: &ModelSpec,
    name: &str,
    x: usize,
    image: Image,
    size: Size,
) -> (usize, Image) {
    let Size { n_channels, stride } = size;
    net.begin(name);
    let branch = Branch::begin(net, name, model);
    let [first, second] = [1, 2].map(|layer| format!("{name}.conv{layer}"));
    let y = branch.before(net, x, 1);
    let (z, halved) = conv(net, model, &first, y, n_channels, same_padded(image, 3, stride));
    let z = branch.after(net, &first, z, false);
    let z = branch.before(net, z, 2);
    let (z, _) = conv(net, model, &second, z, n_channels, same_padded(halved, 3, 1));
    let z = branch.after(net, &second, z, true);
    let shortcut = if stride == 1 && net.shape(x).features == n_channels {
        x
    } else {
        // In Fixup's form, the shortcut reads the branch's biased input.
        let layer = format!("{name}.shortcut");
        let (s, _) = conv(net, model, &layer, y, n_channels, same_padded(image, 1, stride));
        normalized(net, model, &layer, s.z)
    };
    (branch.join(net, shortcut, z), halved)
}
