//! The networks there are, each written as a program from its description.
//! Does not know how a program is run, nor what its parameters start as.

mod cnn;
mod mlp;

use super::builder::{Builder, Fans};
use super::ops::PoolKind;
use super::program::Program;
use super::window::Image;
use crate::config::{Activation, ModelSpec};

impl Program {
    /// The network that `model` describes, for examples of `n_inputs` numbers.
    #[must_use]
    pub fn of(model: &ModelSpec, n_inputs: usize, n_outputs: usize) -> Self {
        mlp::build(model, n_inputs, n_outputs)
    }

    /// Convolutions 3×3 of these `widths` over images of `n_channels`, each with a bias, an activation
    /// and a mean over 2×2 pixels, then a linear layer.
    #[must_use]
    pub fn cnn(
        image: Image,
        n_channels: usize,
        widths: &[usize],
        activation: Activation,
        n_outputs: usize,
    ) -> Self {
        let pool = PoolKind::Average;
        cnn::build(&cnn::Cnn { image, n_channels, widths, activation, bias: true, pool }, n_outputs)
    }
}
