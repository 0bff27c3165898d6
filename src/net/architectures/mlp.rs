//! The fully connected network.
//! Does not know what its inputs are.

use super::{Builder, Fans};
use crate::config::{Activation, ModelSpec};
use crate::net::program::Program;

/// Linear layers with an activation after each but the last, and with a bias in every layer or in
/// none.
pub(super) fn build(model: &ModelSpec, n_inputs: usize, n_outputs: usize) -> Program {
    let mut net = Builder::new(n_inputs);
    let mut x = 0;
    for (layer, width) in model.hidden.iter().enumerate() {
        x = dense(&mut net, x, &format!("layer{layer}"), (*width, model.activation, model.bias));
    }
    net.begin_output();
    let layer = format!("layer{}", model.hidden.len());
    dense(&mut net, x, &layer, (n_outputs, Activation::Linear, model.bias));
    net.finish()
}

/// A linear layer with what it has of bias and activation.
pub(super) fn dense(
    net: &mut Builder,
    x: usize,
    layer: &str,
    (n_units, activation, has_bias): (usize, Activation, bool),
) -> usize {
    let fans = Fans { fan_in: net.shape(x).features, fan_out: n_units };
    let z = net.linear(layer, x, n_units);
    net.bias_activation(z, has_bias.then_some((layer, fans)), activation)
}
