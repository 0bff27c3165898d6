//! The networks there are, each written as a program from its description.
//! Does not know how a program is run, nor what its parameters start as.

mod branch;
mod cnn;
mod densenet;
mod layers;
mod mlp;
mod residual_mlp;
mod resnet;
#[cfg(test)]
mod tests;
mod transformer;

use crate::config::{Architecture, InitScheme, InputShape, ModelSpec, RunConfig, TaskInfo};
use crate::net::builder::{Builder, Fans};
use crate::net::engine::Program;
use crate::net::window::Image;

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

    /// One prediction from an image of so many rows, columns and channels.
    #[must_use]
    pub fn image([height, width, channels]: [usize; 3], n_outputs: usize) -> Self {
        let shape = InputShape::Image { height, width, channels };
        Self { n_inputs: height * width * channels, shape, n_positions: 1, n_outputs }
    }

    /// The example as an image; a vector is one of a single row.
    fn as_image(&self) -> ImageShape {
        let of = |height, width, channels| ImageShape { image: Image { height, width }, channels };
        match self.shape {
            InputShape::Image { height, width, channels } => of(height, width, channels),
            InputShape::Flat | InputShape::Tokens { .. } => of(1, self.n_inputs, 1),
        }
    }
}

/// Pixels of an image and numbers of each.
#[derive(Clone, Copy, Debug)]
struct ImageShape {
    image: Image,
    channels: usize,
}

impl Program {
    /// The network of a run, which reads and answers what its task asks for.
    #[must_use]
    pub fn of_run(config: &RunConfig) -> Self {
        let TaskInfo { n_inputs, shape, n_positions, .. } = config.task.info();
        let n_outputs = config.task.info().n_outputs(config.loss);
        let program =
            Self::of(&config.model, Interface { n_inputs, shape, n_positions, n_outputs });
        if config.init.scheme == InitScheme::Mup {
            program.with_scores_from(config.init.base_width)
        } else {
            program
        }
    }

    /// The network that `model` describes between these ends.
    #[must_use]
    pub fn of(model: &ModelSpec, ends: Interface) -> Self {
        let images = ends.as_image();
        match model.architecture {
            Architecture::Mlp => mlp::build(model, ends),
            Architecture::ResidualMlp => residual_mlp::build(model, ends),
            Architecture::Cnn => cnn::build(model, images, ends),
            Architecture::Resnet => resnet::build(model, images, ends),
            Architecture::Densenet => densenet::build(model, images, ends),
            Architecture::Transformer => transformer::build(model, images, ends),
        }
    }
}
