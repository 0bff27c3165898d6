//! The fully connected network with residual blocks.

use super::branch::{Branch, begin_fixup, end_fixup};
use super::shared_layers::{Then, hidden, linear, output};
use super::{Builder, Interface};
use crate::config::ModelSpec;
use crate::net::engine::Program;

/// A stem, blocks x ← φ(x + branch(x)) with branches of `block_layers` linear layers, and a
/// classifier.
pub(super) fn build(model: &ModelSpec, interface: Interface) -> Program {
    let mut net = Builder::new(interface.n_inputs);
    net.begin("stem");
    let width = model.width;
    let mut x = if Branch::is_fixup(model) {
        let product = linear(&mut net, model, "stem", 0, width);
        begin_fixup(&mut net, model, product.z)
    } else {
        hidden(&mut net, model, "stem", 0, width, Then::Activate)
    };
    for block in 1..=model.blocks {
        let name = format!("block{block}");
        net.begin(&name);
        let branch = Branch::begin(&mut net, &name, model);
        let mut y = x;
        for layer in 1..=model.block_layers {
            let name = format!("{name}.layer{layer}");
            y = branch.before(&mut net, y, layer);
            let product = linear(&mut net, model, &name, y, width);
            y = branch.after(&mut net, &name, product, layer == model.block_layers);
        }
        x = branch.join(&mut net, x, y);
    }
    if Branch::is_fixup(model) {
        x = end_fixup(&mut net, x);
    }
    output(&mut net, model, "output", x, interface.n_outputs);
    net.finish()
}
