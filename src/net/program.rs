//! A network as a straight-line program over ops: which op reads which value.
//! Holds no numbers; the passes over it live in `tape`.

use super::op::Op;
use super::params::{ParamSpec, Role};
use crate::config::{Activation, ModelSpec};

/// One op and the value it reads; value 0 is the batch, value i + 1 the output of node i.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What is computed.
    pub op: Op,
    /// Index of the value it reads.
    pub input: usize,
}

/// A named tensor that is part of the network but not trained, such as a running statistic.
#[derive(Clone, Debug, PartialEq)]
pub struct BufferSpec {
    /// Name, unique in the program.
    pub name: String,
    /// Shape, row-major.
    pub shape: Vec<usize>,
    /// Every element before the first step.
    pub initial: f64,
}

/// A network.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    nodes: Vec<Node>,
    params: Vec<ParamSpec>,
    buffers: Vec<BufferSpec>,
    couples_examples: bool,
    widths: Vec<usize>,
}

impl Program {
    /// A fully connected network with no activation on the output, and with a bias in every layer
    /// or in none.
    #[must_use]
    pub fn mlp(model: &ModelSpec, n_inputs: usize, n_outputs: usize) -> Self {
        let mut program = Self {
            nodes: Vec::new(),
            params: Vec::new(),
            buffers: Vec::new(),
            couples_examples: false,
            widths: vec![n_inputs],
        };
        for width in &model.hidden {
            program.dense(*width, model, false);
        }
        program.dense(n_outputs, model, true);
        program
    }

    /// Appends a linear layer, and what it has of bias and activation.
    fn dense(&mut self, n_units: usize, model: &ModelSpec, is_output: bool) {
        let fan_in = self.widths.last().copied().unwrap_or(0);
        let layer = self.params.iter().filter(|tensor| tensor.role == Role::Weight).count();
        let mut add = |kind: &str, shape: Vec<usize>, role: Role| {
            let offset = self.params.last().map_or(0, |last| last.offset + last.len());
            let name = format!("layer{layer}.{kind}");
            self.params.push(ParamSpec {
                name,
                shape,
                offset,
                role,
                fan_in,
                fan_out: n_units,
                is_output,
            });
            self.params.len() - 1
        };
        let weight = add("weight", vec![n_units, fan_in], Role::Weight);
        let bias = model.bias.then(|| add("bias", vec![n_units], Role::Bias));
        let activation = if is_output { Activation::Linear } else { model.activation };
        let is_identity = bias.is_none() && activation == Activation::Linear;
        let after = (!is_identity).then_some(Op::BiasActivation { bias, activation });
        for op in std::iter::once(Op::Linear { weight }).chain(after) {
            self.nodes.push(Node { op, input: self.nodes.len() });
            self.widths.push(n_units);
        }
    }

    /// The ops in order.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The parameter table.
    #[must_use]
    pub fn params(&self) -> &[ParamSpec] {
        &self.params
    }

    /// The buffer table; empty for fully connected networks.
    #[must_use]
    pub fn buffers(&self) -> &[BufferSpec] {
        &self.buffers
    }

    /// Whether examples of a batch influence each other, so that chunks must not split it.
    #[must_use]
    pub fn couples_examples(&self) -> bool {
        self.couples_examples
    }

    /// Number of trainable parameters.
    #[must_use]
    pub fn n_params(&self) -> usize {
        self.params.last().map_or(0, |last| last.offset + last.len())
    }

    /// Numbers per example of every value, the batch first.
    #[must_use]
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }
}
