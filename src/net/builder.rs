//! Writes a program: appends ops and names their parameters.
//! Does not know which networks there are.

use super::kernels::Mask;
use super::ops::{
    Add, Attention, BiasActivation, Gather, Linear, MeanPositions, Op, Patches, Positions, Take,
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
    /// The sum of two values of one shape.
    pub(super) fn add(&mut self, a: usize, b: usize) -> usize {
        let shape = self.shape(a);
        self.push(Op::Add(Add), &[a, b], shape)
    }

    /// A learned vector of `d` features for each of the tokens that x holds.
    pub(super) fn embedding(
        &mut self,
        layer: &str,
        x: usize,
        vocabulary: usize,
        d: usize,
    ) -> usize {
        let shape = Shape { positions: self.shape(x).len(), features: d };
        let table = self.table(layer, vocabulary, d);
        self.push(Op::Gather(Gather { table }), &[x], shape)
    }

    /// A learned vector added at every position of x.
    pub(super) fn positions(&mut self, layer: &str, x: usize) -> usize {
        let shape = self.shape(x);
        let table = self.table(layer, shape.positions, shape.features);
        self.push(Op::Positions(Positions { table }), &[x], shape)
    }

    /// The parameter of an embedding.
    fn table(&mut self, layer: &str, n_rows: usize, d: usize) -> usize {
        let fans = Fans { fan_in: n_rows, fan_out: d };
        self.param(format!("{layer}.weight"), &[n_rows, d], Role::Embedding, fans)
    }

    /// Attention with queries q, keys k and values v, whose features the heads share equally.
    pub(super) fn attention(
        &mut self,
        (q, k, v): (usize, usize, usize),
        heads: usize,
        mask: Mask,
    ) -> usize {
        let shape = self.shape(q);
        let attention = Attention { positions: shape.positions, heads, mask };
        self.push(Op::Attention(attention), &[q, k, v], shape)
    }

    /// `count` positions of x from `first` on.
    pub(super) fn take(&mut self, x: usize, first: usize, count: usize) -> usize {
        let Shape { positions, features } = self.shape(x);
        let take = Take { first, count, of: positions };
        self.push(Op::Take(take), &[x], Shape { positions: count, features })
    }

    /// The mean over the positions of x.
    pub(super) fn mean_positions(&mut self, x: usize) -> usize {
        let Shape { positions, features } = self.shape(x);
        let mean = Op::MeanPositions(MeanPositions { positions });
        self.push(mean, &[x], Shape { positions: 1, features })
    }

    /// Patches of images, a position each.
    pub(super) fn patches(&mut self, x: usize, patches: Patches) -> usize {
        let shape = Shape { positions: patches.positions(), features: patches.features() };
        self.push(Op::Patches(patches), &[x], shape)
    }
}
