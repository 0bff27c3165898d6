//! Writes a program: appends ops and names their parameters.
//! Does not know which networks there are.

use super::ops::{BiasActivation, Conv, Linear, Op, Pool, PoolKind, Reshape};
use super::params::{ParamSpec, Role};
use super::program::{BufferSpec, Node, Program, Shape};
use super::window::{Filter, Image, Window};
use crate::config::Activation;

/// Inputs and outputs of the layer that a parameter belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fans {
    pub(super) fan_in: usize,
    pub(super) fan_out: usize,
}

/// A program being written.
#[derive(Debug)]
pub(super) struct Builder {
    program: Program,
    /// Whether parameters added now belong to the last layer.
    is_output: bool,
}

impl Builder {
    /// Begins with the batch, value 0.
    pub(super) fn new(n_inputs: usize) -> Self {
        let batch = Shape { positions: 1, features: n_inputs };
        Self {
            program: Program {
                nodes: Vec::new(),
                params: Vec::new(),
                buffers: Vec::new(),
                shapes: vec![batch],
                varies: vec![false],
                couples_examples: false,
            },
            is_output: false,
        }
    }

    /// The network whose output is the last value.
    pub(super) fn finish(self) -> Program {
        self.program
    }

    /// What follows is the last layer.
    pub(super) fn begin_output(&mut self) {
        self.is_output = true;
    }

    /// What one example is in `value`.
    pub(super) fn shape(&self, value: usize) -> Shape {
        self.program.shapes[value]
    }

    /// Appends an op with an output of `shape`, and gives the value's index.
    pub(super) fn push(&mut self, op: Op, inputs: &[usize], shape: Shape) -> usize {
        let program = &mut self.program;
        let varies = !op.passes().params().is_empty() || inputs.iter().any(|i| program.varies[*i]);
        program.nodes.push(Node { op, inputs: inputs.to_vec() });
        program.shapes.push(shape);
        program.varies.push(varies);
        program.nodes.len()
    }

    /// Adds a parameter, `layer.kind` by name, and gives its index.
    pub(super) fn param(
        &mut self,
        name: String,
        shape: &[usize],
        role: Role,
        Fans { fan_in, fan_out }: Fans,
    ) -> usize {
        let params = &mut self.program.params;
        let offset = params.last().map_or(0, |last| last.offset + last.len());
        let (shape, is_output) = (shape.to_vec(), self.is_output);
        params.push(ParamSpec { name, shape, offset, role, fan_in, fan_out, is_output });
        params.len() - 1
    }

    /// Adds a buffer and gives its index.
    pub(super) fn buffer(&mut self, name: String, shape: &[usize], initial: f64) -> usize {
        self.program.buffers.push(BufferSpec { name, shape: shape.to_vec(), initial });
        self.program.buffers.len() - 1
    }

    /// Says that examples influence each other.
    pub(super) fn couple_examples(&mut self) {
        self.program.couples_examples = true;
    }

    /// A linear layer of `n_units`, without its bias.
    pub(super) fn linear(&mut self, layer: &str, x: usize, n_units: usize) -> usize {
        let Shape { positions, features } = self.shape(x);
        let fans = Fans { fan_in: features, fan_out: n_units };
        let weight =
            self.param(format!("{layer}.weight"), &[n_units, features], Role::Weight, fans);
        let shape = Shape { positions, features: n_units };
        self.push(Op::Linear(Linear { weight }), &[x], shape)
    }

    /// φ(x + b), with the bias named for the layer whose weights have these fans, or none;
    /// x itself where nothing is left to do.
    pub(super) fn bias_activation(
        &mut self,
        x: usize,
        bias: Option<(&str, Fans)>,
        activation: Activation,
    ) -> usize {
        if bias.is_none() && activation == Activation::Linear {
            return x;
        }
        let shape = self.shape(x);
        let bias = bias.map(|(layer, fans)| {
            self.param(format!("{layer}.bias"), &[shape.features], Role::Bias, fans)
        });
        self.push(Op::BiasActivation(BiasActivation { bias, activation }), &[x], shape)
    }

    /// The same numbers as a matrix of `positions` rows an example, which must divide them; x itself
    /// where it has so many.
    pub(super) fn reshape(&mut self, x: usize, positions: usize) -> usize {
        let from = self.shape(x);
        if from.positions == positions {
            return x;
        }
        let to = Shape { positions, features: from.len() / positions };
        self.push(Op::Reshape(Reshape { from, to }), &[x], to)
    }

    /// A convolution to `n_channels` without its bias, over an image whose pixels are the positions
    /// of `x`; its weight is `[n_channels, kernel rows, kernel columns, channels of x / groups]`.
    /// Gives the value, its image, and the fans of the layer.
    pub(super) fn conv(
        &mut self,
        layer: &str,
        x: usize,
        n_channels: usize,
        filter: Filter,
    ) -> (usize, Image, Fans) {
        let Filter { window, groups } = filter;
        let (share, output) = (self.shape(x).features / groups, window.output());
        let area = window.kernel.positions();
        let fans = Fans { fan_in: area * share, fan_out: area * n_channels / groups };
        let shape = [n_channels, window.kernel.height, window.kernel.width, share];
        let weight = self.param(format!("{layer}.weight"), &shape, Role::Weight, fans);
        let shape = Shape { positions: output.positions(), features: n_channels };
        (self.push(Op::Conv(Conv { weight, filter }), &[x], shape), output, fans)
    }

    /// Means or maxima over windows of an image without padding, and their image.
    pub(super) fn pool(&mut self, x: usize, kind: PoolKind, window: Window) -> (usize, Image) {
        let output = window.output();
        let shape = Shape { positions: output.positions(), features: self.shape(x).features };
        (self.push(Op::Pool(Pool { kind, window }), &[x], shape), output)
    }
}
