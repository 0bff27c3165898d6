//! The networks there are, each written as a program from its description.
//! Does not know how a program is run, nor what its parameters start as.

mod mlp;

use super::builder::{Builder, Fans};
use super::program::Program;
use crate::config::{InputShape, ModelSpec};

/// What a network reads and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Numbers of an example.
    pub n_inputs: usize,
    /// How they lie.
    pub shape: InputShape,
    /// Predictions an example asks for.
    pub n_positions: usize,
    /// Numbers of each prediction.
    pub n_outputs: usize,
}

impl Interface {
    /// One prediction from numbers without neighbourhoods.
    #[must_use]
    pub fn flat(n_inputs: usize, n_outputs: usize) -> Self {
        Self { n_inputs, shape: InputShape::Flat, n_positions: 1, n_outputs }
    }
}

impl Program {
    /// The network that `model` describes between these ends.
    #[must_use]
    pub fn of(model: &ModelSpec, ends: Interface) -> Self {
        mlp::build(model, ends.n_inputs, ends.n_outputs)
    }
}
