//! Builds a program: appends ops, parameters and buffers.

mod images;
mod norms;
mod tokens;

use crate::config::Activation;
use crate::net::engine::{BufferSpec, Layer, Node, ParamSpec, Program, Role};
use crate::net::ops::add::Add;
use crate::net::ops::bias_activation::BiasActivation;
use crate::net::ops::concat::Concat;
use crate::net::ops::linear::Linear;
use crate::net::passes::{Op, Passes, Shape};

/// Fan-in and fan-out of a parameter's layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fans {
    pub(in crate::net) fan_in: usize,
    pub(in crate::net) fan_out: usize,
}

/// Kind of trained scalar shared by all features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    /// y = γ·x.
    Gain,
    /// y = x + β.
    Shift,
}

/// A program under construction.
#[derive(Debug)]
pub(super) struct Builder {
    program: Program,
    /// Whether parameters added now belong to the last layer.
    is_output: bool,
    /// Index of the residual branch that parameters added now belong to.
    branch: Option<usize>,
    /// Number of residual branches begun.
    n_branches: usize,
}

impl Builder {
    /// Starts a program with the batch as value 0.
    pub(in crate::net) fn new(n_inputs: usize) -> Self {
        let batch = Shape { positions: 1, features: n_inputs };
        Self {
            program: Program {
                nodes: Vec::new(),
                layers: Vec::new(),
                params: Vec::new(),
                buffers: Vec::new(),
                shapes: vec![batch],
                varies: vec![false],
                couples_examples: false,
                standardised: Vec::new(),
            },
            is_output: false,
            branch: None,
            n_branches: 0,
        }
    }

    /// Finishes the program; its output is the last value.
    pub(in crate::net) fn finish(self) -> Program {
        self.program
    }

    /// Begins the layer of this name.
    pub(in crate::net) fn begin(&mut self, layer: &str) {
        let program = &mut self.program;
        program.layers.push(Layer {
            name: layer.to_owned(),
            first_node: program.nodes.len(),
            first_param: program.params.len(),
        });
    }

    /// Begins the last layer.
    pub(in crate::net) fn begin_output(&mut self, layer: &str) {
        self.begin(layer);
        self.is_output = true;
    }

    /// Begins the next residual branch.
    pub(in crate::net) fn begin_branch(&mut self) {
        self.branch = Some(self.n_branches);
        self.n_branches += 1;
    }

    /// Ends the residual branch.
    pub(in crate::net) fn end_branch(&mut self) {
        self.branch = None;
    }

    /// Shape of one value.
    pub(in crate::net) fn shape(&self, value: usize) -> Shape {
        self.program.shapes[value]
    }

    /// Appends an op whose output has this shape; returns the output's value index.
    pub(in crate::net) fn push(
        &mut self,
        op: impl Passes + 'static,
        inputs: &[usize],
        shape: Shape,
    ) -> usize {
        let program = &mut self.program;
        let varies = !op.params().is_empty() || inputs.iter().any(|i| program.varies[*i]);
        program.nodes.push(Node { op: Op::new(op), inputs: inputs.to_vec() });
        program.shapes.push(shape);
        program.varies.push(varies);
        program.nodes.len()
    }

    /// Adds a parameter named `layer.kind`; returns its index.
    pub(in crate::net) fn param(
        &mut self,
        name: String,
        shape: &[usize],
        role: Role,
        Fans { fan_in, fan_out }: Fans,
    ) -> usize {
        let params = &mut self.program.params;
        let offset = params.last().map_or(0, |last| last.offset + last.len());
        let (shape, is_output, branch) = (shape.to_vec(), self.is_output, self.branch);
        params.push(ParamSpec { name, shape, offset, role, fan_in, fan_out, is_output, branch });
        params.len() - 1
    }

    /// Adds a buffer; returns its index.
    pub(in crate::net) fn buffer(&mut self, name: String, shape: &[usize], initial: f64) -> usize {
        self.program.buffers.push(BufferSpec { name, shape: shape.to_vec(), initial });
        self.program.buffers.len() - 1
    }

    /// Marks examples of a batch as coupled.
    pub(in crate::net) fn couple_examples(&mut self) {
        self.program.couples_examples = true;
    }

    /// Standardises the weight added last: each row, which belongs to one output, gets mean 0 and
    /// variance 1.
    pub(in crate::net) fn standardise_weight(&mut self) {
        let program = &mut self.program;
        program.standardised.extend(program.params.len().checked_sub(1));
    }

    /// A linear layer of `n_units` units without bias.
    pub(in crate::net) fn linear(&mut self, layer: &str, x: usize, n_units: usize) -> usize {
        let Shape { positions, features } = self.shape(x);
        let fans = Fans { fan_in: features, fan_out: n_units };
        let weight =
            self.param(format!("{layer}.weight"), &[n_units, features], Role::Weight, fans);
        let shape = Shape { positions, features: n_units };
        self.push(Linear { weight }, &[x], shape)
    }

    /// φ(x + b); `bias` names the bias's layer and its fans, `None` omits it. Returns x itself if
    /// there is neither bias nor activation.
    pub(in crate::net) fn bias_activation(
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
        self.push(BiasActivation { bias, activation }, &[x], shape)
    }

    /// The sum of two values.
    pub(in crate::net) fn add(&mut self, a: usize, b: usize) -> usize {
        self.push(Add, &[a, b], self.shape(a))
    }

    /// Concatenates the features of one or more values with the same number of positions.
    pub(in crate::net) fn concat(&mut self, values: &[usize]) -> usize {
        let features = values.iter().map(|value| self.shape(*value).features).sum();
        let positions = values.first().map_or(1, |value| self.shape(*value).positions);
        self.push(Concat, values, Shape { positions, features })
    }
}
