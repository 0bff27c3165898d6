//! The networks there are, each written as a program from its description.
//! Does not know how a program is run, nor what its parameters start as.

mod mlp;
mod transformer;

use super::builder::{Builder, Fans};
use super::program::Program;
use crate::config::ModelSpec;

pub use transformer::{Predictions, Tokens, Transformer};

impl Program {
    /// The network that `model` describes, for examples of `n_inputs` numbers.
    #[must_use]
    pub fn of(model: &ModelSpec, n_inputs: usize, n_outputs: usize) -> Self {
        mlp::build(model, n_inputs, n_outputs)
    }
}
