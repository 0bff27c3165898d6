//! A network as a straight-line program over ops: which op reads which values. Parameter values are
//! passed in.

use candle_core::DType;

use super::params::ParamSpec;
use crate::net::passes::{Op, Shape};

/// One op and the values it reads; value 0 is the batch, value i + 1 the output of node i.
#[derive(Clone, Debug)]
pub struct Node {
    /// The op.
    pub op: Op,
    /// Indices of the values it reads, in the order the op takes them.
    pub inputs: Vec<usize>,
}

/// A named part of a network: a layer, a residual block, a classifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Name; most of its parameters' names start with it.
    pub name: String,
    /// Index of its first node; it ends before the next layer's first node.
    pub first_node: usize,
    /// Index of its first parameter; it ends before the next layer's first parameter.
    pub first_param: usize,
}

/// A named tensor that is updated by forward passes instead of training, such as a running
/// statistic.
#[derive(Clone, Debug, PartialEq)]
pub struct BufferSpec {
    /// Name, unique in the program.
    pub name: String,
    /// Shape, row-major.
    pub shape: Vec<usize>,
    /// Initial value of every element.
    pub initial: f64,
}

/// A network.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) nodes: Vec<Node>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) params: Vec<ParamSpec>,
    pub(crate) buffers: Vec<BufferSpec>,
    /// Shape of every value, the batch first.
    pub(crate) shapes: Vec<Shape>,
    /// Whether each value depends on the parameters.
    pub(crate) varies: Vec<bool>,
    pub(crate) couples_examples: bool,
    /// Indices of the weights that are standardised by rows before ops read them.
    pub(crate) standardised: Vec<usize>,
}

impl Program {
    /// The same network with attention scores scaled by 1/d instead of 1/√d in the width d, equal
    /// at d = `base_width` (μP, arXiv 2203.03466, definition 4.1). Assumes that the number of heads
    /// does not change with the width.
    #[must_use]
    pub fn with_mup_scores(mut self, base_width: usize) -> Self {
        for node in &mut self.nodes {
            node.op = node.op.with_mup_scores(base_width);
        }
        self
    }

    /// The ops in order.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The named parts in order; every op and every parameter belongs to one.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Indices of a layer's ops.
    #[must_use]
    pub fn layer_nodes(&self, layer: usize) -> std::ops::Range<usize> {
        let next = self.layers.get(layer + 1);
        self.layers[layer].first_node..next.map_or(self.nodes.len(), |next| next.first_node)
    }

    /// A layer's elements in the flat parameter vector.
    #[must_use]
    pub fn layer_elements(&self, layer: usize) -> std::ops::Range<usize> {
        let start = |param: usize| self.params.get(param).map_or(self.n_params(), |p| p.offset);
        let next = self.layers.get(layer + 1).map_or(self.params.len(), |next| next.first_param);
        start(self.layers[layer].first_param)..start(next)
    }

    /// [`Self::layer_elements`] of every layer.
    #[must_use]
    pub fn layer_ranges(&self) -> Vec<std::ops::Range<usize>> {
        (0..self.layers.len()).map(|layer| self.layer_elements(layer)).collect()
    }

    /// The units of adaptive gradient clipping (arXiv 2102.06171) as ranges of the flat parameter
    /// vector: each row of a weight, and each vector as a whole. The last layer is exempt.
    #[must_use]
    pub fn units(&self) -> Vec<std::ops::Range<usize>> {
        let of = |spec: &ParamSpec| {
            let n_units = if spec.shape.len() > 1 { spec.shape[0] } else { 1 };
            let (start, len) = (spec.offset, spec.len() / n_units.max(1));
            (0..n_units).map(move |unit| start + unit * len..start + (unit + 1) * len)
        };
        self.params.iter().filter(|spec| !spec.is_output).flat_map(of).collect()
    }

    /// The parameter table.
    #[must_use]
    pub fn params(&self) -> &[ParamSpec] {
        &self.params
    }

    /// The buffer table; empty without batch normalization and σReparam.
    #[must_use]
    pub fn buffers(&self) -> &[BufferSpec] {
        &self.buffers
    }

    /// Whether examples of a batch influence each other; the batch must then be one chunk.
    #[must_use]
    pub fn couples_examples(&self) -> bool {
        self.couples_examples
    }

    /// Number of trainable parameters.
    #[must_use]
    pub fn n_params(&self) -> usize {
        self.params.last().map_or(0, |last| last.offset + last.len())
    }

    /// Shape per example of every value, the batch first.
    #[must_use]
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Peak size of one example's tape in bytes: value, gradient, and first and second derivative
    /// of the activation for every unit, and attention's numbers per pair.
    #[must_use]
    pub fn tape_bytes(&self, dtype: DType) -> usize {
        let of = |(node, shape): (&Node, &Shape)| {
            4 * shape.len() + node.op.passes().extra_scalars(*shape)
        };
        dtype.size_in_bytes() * self.nodes.iter().zip(&self.shapes[1..]).map(of).sum::<usize>()
    }

    /// The part of [`Self::tape_bytes`] stored between passes: the two derivatives of every unit,
    /// and the values and gradients that later passes read.
    #[must_use]
    pub fn saved_bytes(&self, dtype: DType) -> usize {
        let of = |(i, (node, shape)): (usize, (&Node, &Shape))| {
            let value = usize::from(!self.is_forward_only(i + 1));
            let gradient = usize::from(node.op.passes().rereads_gradient());
            (2 + value + gradient) * shape.len() + node.op.passes().extra_scalars(*shape)
        };
        let nodes = self.nodes.iter().zip(&self.shapes[1..]).enumerate();
        dtype.size_in_bytes() * nodes.map(of).sum::<usize>()
    }

    /// The ops whose output depends on the parameters, with their indices, in order.
    pub(crate) fn varying(&self) -> impl DoubleEndedIterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(|(i, _)| self.varies[i + 1])
    }

    /// Whether a value is read by forward passes only.
    pub(crate) fn is_forward_only(&self, value: usize) -> bool {
        let mut readers = self.nodes.iter().filter(|node| node.inputs.contains(&value)).peekable();
        readers.peek().is_some() && readers.all(|node| !node.op.passes().rereads_inputs())
    }

    /// The inputs of node `i` that neither later nodes nor later passes read.
    pub(crate) fn freed_after(&self, i: usize) -> impl Iterator<Item = usize> {
        let is_spent = move |value: &usize| {
            let is_read = self.nodes[i + 1..].iter().any(|node| node.inputs.contains(value));
            !is_read && self.is_forward_only(*value)
        };
        self.nodes[i].inputs.iter().copied().filter(is_spent)
    }

    /// Shape of the network's output for one example.
    #[must_use]
    pub fn output(&self) -> Shape {
        self.shapes[self.shapes.len() - 1]
    }

    /// Multiplications per example in a forward pass, with parameters and between values.
    #[must_use]
    pub fn work(&self) -> usize {
        let of = |(node, output): (&Node, &Shape)| {
            let by_params: usize =
                node.op.passes().params().iter().map(|param| self.params[*param].len()).sum();
            let inputs: Vec<Shape> = node.inputs.iter().map(|value| self.shapes[*value]).collect();
            output.positions * by_params + node.op.passes().products(&inputs, *output)
        };
        self.nodes.iter().zip(&self.shapes[1..]).map(of).sum()
    }
}
