//! Writes a program: appends ops and names their parameters.
//! Does not know which networks there are.

use super::ops::{
    Add, Affine, BiasActivation, Concat, Linear, Multiply, Op, Over, Scale, SpectralScale,
    Standardise,
};
use super::params::{ParamSpec, Role};
use super::program::{BufferSpec, Node, Program, Shape};
use crate::config::Activation;

/// Inputs and outputs of the layer that a parameter belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fans {
    pub(super) fan_in: usize,
    pub(super) fan_out: usize,
}

/// What one trained number does to all features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    /// y = γ·x.
    Gain,
    /// y = x + β.
    Shift,
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
                standardised: Vec::new(),
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

    /// Says that ops see the weight added last standardised: each row, all that goes into one output,
    /// with mean 0 and variance 1.
    pub(super) fn standardise_weight(&mut self) {
        let program = &mut self.program;
        program.standardised.extend(program.params.len().checked_sub(1));
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

    /// A linear layer of `n_units` with its weight divided by its spectral norm and multiplied by a
    /// gain, without its bias.
    pub(super) fn spectral_linear(&mut self, layer: &str, x: usize, n_units: usize) -> usize {
        let z = self.linear(layer, x, n_units);
        let weight = self.program.params.len() - 1;
        let gain = self.per_feature(layer, 1, Role::Gain);
        let left = self.buffer(format!("{layer}.left_singular"), &[n_units], 1.0);
        let op = SpectralScale { weight, gain, left };
        self.push(Op::SpectralScale(op), &[z], self.shape(z))
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

    /// Batch normalization over all examples and positions, or over ghost batches of this many
    /// examples.
    pub(super) fn batch_norm(&mut self, layer: &str, x: usize, ghost: Option<usize>) -> usize {
        let Shape { positions, features } = self.shape(x);
        self.couple_examples();
        let mean = self.buffer(format!("{layer}.running_mean"), &[features], 0.0);
        let variance = self.buffer(format!("{layer}.running_variance"), &[features], 1.0);
        let ghost = ghost.map(|examples| examples * positions);
        self.norm(layer, x, Over::Examples { running: (mean, variance), ghost })
    }

    /// Layer normalization of all features of this many positions together: 1 for each token on its
    /// own, all of an example for an image.
    pub(super) fn layer_norm(&mut self, layer: &str, x: usize, positions: usize) -> usize {
        self.norm(layer, x, Over::Features { groups: 1, positions })
    }

    /// Layer normalization of each of `heads` runs of features of a token on its own.
    pub(super) fn head_norm(&mut self, layer: &str, x: usize, heads: usize) -> usize {
        self.norm(layer, x, Over::Features { groups: heads, positions: 1 })
    }

    /// Group normalization: `groups` runs of features, each over all positions of an example.
    pub(super) fn group_norm(&mut self, layer: &str, x: usize, groups: usize) -> usize {
        let positions = self.shape(x).positions;
        self.norm(layer, x, Over::Features { groups, positions })
    }

    /// Standardises, then multiplies and shifts each feature.
    pub(super) fn norm(&mut self, layer: &str, x: usize, over: Over) -> usize {
        let shape = self.shape(x);
        let x = self.push(Op::Standardise(Standardise { over }), &[x], shape);
        self.affine(layer, x)
    }

    /// γ∘x + β with a gain and a shift of each feature.
    pub(super) fn affine(&mut self, layer: &str, x: usize) -> usize {
        let shape = self.shape(x);
        let gain = Some(self.per_feature(layer, shape.features, Role::Gain));
        let shift = Some(self.per_feature(layer, shape.features, Role::Shift));
        self.push(Op::Affine(Affine { gain, shift }), &[x], shape)
    }

    /// One gain or one shift for all features (arXiv 1901.09321).
    pub(super) fn scalar(&mut self, layer: &str, x: usize, kind: Scalar) -> usize {
        let shape = self.shape(x);
        let op = match kind {
            Scalar::Gain => {
                Affine { gain: Some(self.per_feature(layer, 1, Role::Gain)), shift: None }
            }
            Scalar::Shift => {
                Affine { gain: None, shift: Some(self.per_feature(layer, 1, Role::Shift)) }
            }
        };
        self.push(Op::Affine(op), &[x], shape)
    }

    /// A gain or shift of `n` numbers.
    fn per_feature(&mut self, layer: &str, n: usize, role: Role) -> usize {
        let kind = if role == Role::Gain { "gain" } else { "shift" };
        self.param(format!("{layer}.{kind}"), &[n], role, Fans { fan_in: n, fan_out: n })
    }

    /// The sum of two values.
    pub(super) fn add(&mut self, a: usize, b: usize) -> usize {
        self.push(Op::Add(Add), &[a, b], self.shape(a))
    }

    /// The elementwise product of two values.
    pub(super) fn multiply(&mut self, a: usize, b: usize) -> usize {
        self.push(Op::Multiply(Multiply), &[a, b], self.shape(a))
    }

    /// A value times a constant.
    pub(super) fn scale(&mut self, x: usize, factor: f64) -> usize {
        self.push(Op::Scale(Scale::by(factor)), &[x], self.shape(x))
    }

    /// The features of values with equally many positions, side by side; at least one value.
    pub(super) fn concat(&mut self, values: &[usize]) -> usize {
        let features = values.iter().map(|value| self.shape(*value).features).sum();
        let positions = values.first().map_or(1, |value| self.shape(*value).positions);
        self.push(Op::Concat(Concat), values, Shape { positions, features })
    }
}
