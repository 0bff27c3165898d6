//! The fully connected network.

use super::shared_layers::{Then, hidden, output};
use super::{Builder, Interface};
use crate::config::ModelSpec;
use crate::net::engine::Program;

/// Linear layers with an activation after each except the last.
pub(super) fn build(model: &ModelSpec, interface: Interface) -> Program {
    let mut net = Builder::new(interface.n_inputs);
    let mut x = 0;
    for (layer, width) in model.hidden.iter().enumerate() {
        let layer = format!("layer{layer}");
        net.begin(&layer);
        x = hidden(&mut net, model, &layer, x, *width, Then::Activate);
    }
    output(&mut net, model, &format!("layer{}", model.hidden.len()), x, interface.n_outputs);
    net.finish()
}
