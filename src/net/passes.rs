//! The interface of an op: its four passes, their arguments and their results.
//!
//! `forward` computes the output and saves what later passes need. `backward` maps ∂L/∂output to
//! ∂L/∂inputs and ∂L/∂params. `tangent` and `tangent_backward` are the derivatives of these two
//! along a block of k directions (Pearlmutter's R-operator, Neural Computation 6, 1994).
//!
//! Every value is a matrix `[n·p, d]`: one row per position of each of the n examples (p pixels of
//! an image in row-major order, p tokens of a sequence, or p = 1), one column per feature. Its
//! tangents along a block of k directions are `[n·p, k, d]`.

use std::fmt;
use std::sync::Arc;

use candle_core::{Result, Tensor, bail};

/// Shape of a value for one example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows per example: pixels, tokens, or 1.
    pub positions: usize,
    /// Columns per row.
    pub features: usize,
}

impl Shape {
    /// Scalars per example.
    #[must_use]
    pub fn len(&self) -> usize {
        self.positions * self.features
    }

    /// Whether an example has no scalars.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One operation of a network.
#[derive(Clone)]
pub struct Op(Arc<dyn Passes>);

impl Op {
    /// Wraps an op of `net::ops`.
    pub(crate) fn new(passes: impl Passes + 'static) -> Self {
        Self(Arc::new(passes))
    }

    /// Label for drawings.
    #[must_use]
    pub fn label(&self) -> String {
        self.0.label()
    }

    /// Its four passes.
    pub(crate) fn passes(&self) -> &dyn Passes {
        &*self.0
    }

    /// The same op with μP scaling of attention scores relative to `base_width`; unchanged if it is
    /// not attention.
    pub(crate) fn with_mup_scores(&self, base_width: usize) -> Self {
        self.0.with_mup_scores(base_width).unwrap_or_else(|| self.clone())
    }
}

impl fmt::Debug for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The four passes of an op. Parameters and buffers are given as indices into the program's tables.
pub(crate) trait Passes: fmt::Debug + Send + Sync {
    /// A short label of the op for drawings.
    fn label(&self) -> String;

    /// Indices of the parameters it reads.
    fn params(&self) -> Vec<usize>;

    /// The weight in which the output is linear: output = weight · input.
    fn multiplier(&self) -> Option<usize> {
        None
    }

    /// The weight whose norm divides the output.
    fn divisor(&self) -> Option<usize> {
        None
    }

    /// The op with μP scaling of attention scores; `None` if it is not attention.
    fn with_mup_scores(&self, _base_width: usize) -> Option<Op> {
        None
    }

    /// Multiplications between values (rather than with parameters) per example.
    fn products(&self, _inputs: &[Shape], _output: Shape) -> usize {
        0
    }

    /// Whether a pass after `forward` reads the values of its inputs, not only their shapes.
    fn rereads_inputs(&self) -> bool {
        true
    }

    /// Whether `tangent_backward` reads ∂L/∂output itself.
    fn rereads_gradient(&self) -> bool {
        true
    }

    /// Scalars this op stores per example between passes, not counting tensors the size of its
    /// output.
    fn extra_scalars(&self, _output: Shape) -> usize {
        0
    }

    /// Computes the output, the tensors saved for later passes, and the updated buffers.
    fn forward(&self, at: Primal<'_>) -> Result<Forward>;

    /// Maps g = ∂L/∂output to ∂L/∂params and, for inputs that depend on parameters, ∂L/∂inputs.
    fn backward(&self, at: Primal<'_>, saved: &mut Saved, g: &Tensor) -> Result<Gradients>;

    /// The output's tangent along the directions, and the tensors saved for `tangent_backward`.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, saved: &Saved) -> Result<Tangent>;

    /// Derivative of `backward` along the directions.
    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        saved: &Saved,
        pair: Pair<'_>,
    ) -> Result<Gradients>;

    /// The output in training mode from candle's own differentiable operations: the reference in
    /// tests.
    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor>;
}

/// Tensors that one pass of an op saves for its later passes, in an order chosen by the op.
#[derive(Clone, Debug, Default)]
pub(crate) struct Saved(Vec<Tensor>);

impl Saved {
    /// No tensors.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    /// These tensors.
    pub(crate) fn of<const N: usize>(tensors: [Tensor; N]) -> Self {
        Self(tensors.into())
    }

    /// The tensors, which must be `N`.
    pub(crate) fn all<const N: usize>(&self) -> Result<&[Tensor; N]> {
        match self.0.as_slice().try_into() {
            Ok(tensors) => Ok(tensors),
            Err(_) => bail!("a pass of an op found {} saved tensors, not {N}", self.0.len()),
        }
    }
}

/// Gradients of one op: of its inputs (`None` if not needed) and, by index, of its parameters.
pub(crate) struct Gradients {
    pub(crate) inputs: Vec<Option<Tensor>>,
    pub(crate) params: Vec<(usize, Tensor)>,
}

/// Where normalizations take their statistics from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// From the batch; they are part of the differentiated function.
    Training,
    /// From the running averages.
    Evaluation,
}

/// Parameters and buffers of a network at one step, in table order.
#[derive(Clone, Copy)]
pub(crate) struct State<'a> {
    pub(crate) params: &'a [Tensor],
    pub(crate) buffers: &'a [Tensor],
    pub(crate) mode: Mode,
}

/// Result of an op's forward pass.
pub(crate) struct Forward {
    pub(crate) value: Tensor,
    pub(crate) saved: Saved,
    /// New values of the op's buffers, by index.
    pub(crate) buffers: Vec<(usize, Tensor)>,
}

impl Forward {
    /// Result of an op without buffers.
    pub(crate) fn of(value: Tensor, saved: Saved) -> Self {
        Self { value, saved, buffers: Vec::new() }
    }
}

/// Arguments of one op in every pass: the network's state and the op's input values.
#[derive(Clone, Copy)]
pub(crate) struct Primal<'a> {
    pub(crate) state: State<'a>,
    /// Indices of the op's inputs among the values.
    pub(crate) inputs: &'a [usize],
    /// All values computed so far; the batch first.
    pub(crate) values: &'a [Tensor],
    /// Whether each value depends on the parameters; only those have gradients and tangents.
    pub(crate) varies: &'a [bool],
}

impl<'a> Primal<'a> {
    /// Value of the op's `i`-th input.
    pub(crate) fn input(&self, i: usize) -> &'a Tensor {
        &self.values[self.inputs[i]]
    }

    /// Whether the gradient of the `i`-th input is needed: true if it depends on the parameters.
    pub(crate) fn wants_gradient(&self, i: usize) -> bool {
        self.varies[self.inputs[i]]
    }

    /// The gradient of the `i`-th input, computed by `f`, or `None` if it is not needed.
    pub(crate) fn if_wanted(
        &self,
        i: usize,
        f: impl FnOnce() -> Result<Tensor>,
    ) -> Result<Option<Tensor>> {
        self.wants_gradient(i).then(f).transpose()
    }

    /// The parameter with this index.
    pub(crate) fn param(&self, index: usize) -> &'a Tensor {
        &self.state.params[index]
    }
}

/// Arguments of one op in a tangent pass: the directions and the tangents of its inputs.
#[derive(Clone, Copy)]
pub(crate) struct Directions<'a> {
    /// Number of directions in the block.
    pub(crate) k: usize,
    /// Blocks `[k, shape]` of parameter directions.
    pub(crate) params: &'a [Tensor],
    /// As [`Primal::inputs`].
    pub(crate) inputs: &'a [usize],
    /// Tangents of all values computed so far; `None` if a value does not depend on the parameters.
    pub(crate) tangents: &'a [Option<Tensor>],
    /// What the op's `tangent` saved; empty during `tangent` itself.
    pub(crate) saved: &'a Saved,
}

impl<'a> Directions<'a> {
    /// Tangent of the `i`-th input; `None` if it does not depend on the parameters.
    pub(crate) fn input(&self, i: usize) -> Option<&'a Tensor> {
        self.tangents[self.inputs[i]].as_ref()
    }

    /// Tangent of the `i`-th input, whose value is `x`; zeros if it does not depend on the
    /// parameters.
    pub(crate) fn input_or_zeros(&self, i: usize, x: &Tensor) -> Result<Tensor> {
        if let Some(tangent) = self.input(i) {
            return Ok(tangent.clone());
        }
        let (rows, d) = x.dims2()?;
        Tensor::zeros((rows, self.k, d), x.dtype(), x.device())
    }

    /// Directions `[k, shape]` of the parameter with this index.
    pub(crate) fn param(&self, index: usize) -> &'a Tensor {
        &self.params[index]
    }
}

/// Result of an op's `tangent`.
pub(crate) struct Tangent {
    pub(crate) value: Tensor,
    pub(crate) saved: Saved,
}

/// ∂L/∂output and its tangents.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    /// `[n·p, d]`.
    pub(crate) g: &'a Tensor,
    /// `[n·p, k, d]`.
    pub(crate) dg: &'a Tensor,
}
