//! The networks, each built as a program from a [`ModelSpec`].

mod branch;
mod cnn;
mod densenet;
mod mlp;
mod residual_mlp;
mod resnet;
mod shared_layers;
#[cfg(test)]
mod tests;
mod transformer;

use crate::config::{Architecture, InitScheme, InputShape, ModelSpec, RunConfig, TaskInfo};
use crate::net::builder::{Builder, Fans};
use crate::net::engine::Program;
use crate::net::sliding_window::Image;

/// Input and output shapes of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Inputs per example.
    pub n_inputs: usize,
    /// Input layout.
    pub shape: InputShape,
    /// Predictions per example.
    pub n_positions: usize,
    /// Outputs per prediction.
    pub n_outputs: usize,
}

impl Interface {
    /// One prediction from a vector.
    #[must_use]
    pub fn flat(n_inputs: usize, n_outputs: usize) -> Self {
        Self { n_inputs, shape: InputShape::Flat, n_positions: 1, n_outputs }
    }

    /// One prediction from an image of this height, width and number of channels.
    #[must_use]
    pub fn image([height, width, channels]: [usize; 3], n_outputs: usize) -> Self {
        let shape = InputShape::Image { height, width, channels };
        Self { n_inputs: height * width * channels, shape, n_positions: 1, n_outputs }
    }

    /// The input as an image; a vector is an image of one row and one channel.
    fn as_image(&self) -> ImageShape {
        let of = |height, width, channels| ImageShape { image: Image { height, width }, channels };
        match self.shape {
            InputShape::Image { height, width, channels } => of(height, width, channels),
            InputShape::Flat | InputShape::Tokens { .. } => of(1, self.n_inputs, 1),
        }
    }
}

/// Size of an image and channels per pixel.
#[derive(Clone, Copy, Debug)]
struct ImageShape {
    image: Image,
    channels: usize,
}

impl Program {
    /// The network of a run, with the input and output shapes of its task.
    #[must_use]
    pub fn of_run(config: &RunConfig, info: &TaskInfo) -> Self {
        let TaskInfo { n_inputs, shape, n_positions, .. } = *info;
        let n_outputs = info.n_outputs(config.loss);
        let program =
            Self::of(&config.model, Interface { n_inputs, shape, n_positions, n_outputs });
        if config.init.scheme == InitScheme::Mup {
            program.with_mup_scores(config.init.base_width)
        } else {
            program
        }
    }

    /// The network that `model` describes, with these input and output shapes.
    #[must_use]
    pub fn of(model: &ModelSpec, interface: Interface) -> Self {
        let images = interface.as_image();
        match model.architecture {
            Architecture::Mlp => mlp::build(model, interface),
            Architecture::ResidualMlp => residual_mlp::build(model, interface),
            Architecture::Cnn => cnn::build(model, images, interface),
            Architecture::Resnet => resnet::build(model, images, interface),
            Architecture::Densenet => densenet::build(model, images, interface),
            Architecture::Transformer => transformer::build(model, images, interface),
        }
    }
}
