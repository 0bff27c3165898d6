//! What an op is: four passes, what each of them is given, and what it gives.
//! Knows neither the ops there are nor the order they stand in.
//!
//! `forward` keeps what the others need, `backward` turns ∂L/∂output into ∂L/∂inputs and ∂L/∂params,
//! `tangent` and `tangent_backward` are the derivatives of those two along a block of k directions
//! (Pearlmutter's R-operator, Neural Computation 6, 1994).
//!
//! Every value is a matrix `[n·p, d]`: one row for each of the p positions of each of the n
//! examples (pixels of an image row by row, tokens of a sequence; one where there are none), one
//! column a feature. Its tangents along a block of k directions are `[n·p, k, d]`.

use std::fmt;
use std::sync::Arc;

use candle_core::{Result, Tensor, bail};

/// The matrix that one example has in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows an example has: pixels, tokens, or 1.
    pub positions: usize,
    /// Columns.
    pub features: usize,
}

impl Shape {
    /// Numbers an example has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.positions * self.features
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One operation of a network.
#[derive(Clone)]
pub struct Op(Arc<dyn Passes>);

impl Op {
    /// One of the ops of `net::ops`.
    pub(crate) fn new(passes: impl Passes + 'static) -> Self {
        Self(Arc::new(passes))
    }

    /// What it does, in a word or two for a drawing.
    #[must_use]
    pub fn label(&self) -> String {
        self.0.label()
    }

    /// Its four passes.
    pub(crate) fn passes(&self) -> &dyn Passes {
        &*self.0
    }

    /// The same with scores of attention that fall with the width as under μP, from this width on.
    pub(crate) fn with_scores_from(&self, base_width: usize) -> Self {
        self.0.with_scores_from(base_width).unwrap_or_else(|| self.clone())
    }
}

impl fmt::Debug for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The four passes of an op; numbers named for parameters and buffers are indices into the program's
/// tables.
pub(crate) trait Passes: fmt::Debug + Send + Sync {
    /// What it does, in a word or two for a drawing.
    fn label(&self) -> String;

    /// The parameters it reads, by index.
    fn params(&self) -> Vec<usize>;

    /// The weight whose product with the input the output is, and so as large as the weight is.
    fn multiplier(&self) -> Option<usize> {
        None
    }

    /// The weight by whose size the output is divided.
    fn divisor(&self) -> Option<usize> {
        None
    }

    /// The op with scores that fall with the width as under μP, where it has scores.
    fn with_scores_from(&self, _base_width: usize) -> Option<Op> {
        None
    }

    /// Multiplications of values with each other that one example costs, where there are any.
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
    fn extra(&self, _output: Shape) -> usize {
        0
    }

    /// The output, what the other passes need, and the buffers as it leaves them.
    fn forward(&self, at: Primal<'_>) -> Result<Forward>;

    /// From g = ∂L/∂output to ∂L/∂params and, where wanted, ∂L/∂inputs.
    fn backward(&self, at: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients>;

    /// The output's tangent along the directions, and what of it the last pass needs.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent>;

    /// Derivative of `backward` along the directions.
    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
        pair: Pair<'_>,
    ) -> Result<Gradients>;

    /// The output in training mode from candle's own differentiable operations, which networks are
    /// checked against.
    #[cfg(test)]
    fn plain(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor>;
}

/// Tensors that one pass of an op leaves to its later ones, in an order known to the op.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept(Vec<Tensor>);

impl Kept {
    /// Nothing.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    /// These, in this order.
    pub(crate) fn of<const N: usize>(tensors: [Tensor; N]) -> Self {
        Self(tensors.into())
    }

    /// All of them, in the order they were kept.
    pub(crate) fn all<const N: usize>(&self) -> Result<&[Tensor; N]> {
        match self.0.as_slice().try_into() {
            Ok(tensors) => Ok(tensors),
            Err(_) => bail!("a pass of an op found {} tensors kept, not {N}", self.0.len()),
        }
    }
}

/// Gradients of one op: for each input (where wanted) and for each of its parameters by index.
pub(crate) struct Gradients {
    pub(crate) inputs: Vec<Option<Tensor>>,
    pub(crate) params: Vec<(usize, Tensor)>,
}

/// How a network is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Statistics are those of the batch, and part of the function that is differentiated.
    Training,
    /// Statistics are the running ones.
    Evaluation,
}

/// What a network is at one step, by index into its tables.
#[derive(Clone, Copy)]
pub(crate) struct State<'a> {
    pub(crate) params: &'a [Tensor],
    pub(crate) buffers: &'a [Tensor],
    pub(crate) mode: Mode,
}

/// What an op's forward pass gives.
pub(crate) struct Forward {
    pub(crate) value: Tensor,
    pub(crate) kept: Kept,
    /// New values of the buffers it owns, by index.
    pub(crate) buffers: Vec<(usize, Tensor)>,
}

impl Forward {
    /// A value of an op that leaves the buffers alone.
    pub(crate) fn of(value: Tensor, kept: Kept) -> Self {
        Self { value, kept, buffers: Vec::new() }
    }
}

/// What one op sees in a pass: the current state and its inputs' values.
#[derive(Clone, Copy)]
pub(crate) struct Primal<'a> {
    pub(crate) state: State<'a>,
    /// The values it reads, by index.
    pub(crate) inputs: &'a [usize],
    /// All values found so far; the batch first.
    pub(crate) values: &'a [Tensor],
    /// Which values depend on the parameters: only those have gradients and tangents.
    pub(crate) varies: &'a [bool],
}

impl<'a> Primal<'a> {
    /// Value of its input number `i`.
    pub(crate) fn input(&self, i: usize) -> &'a Tensor {
        &self.values[self.inputs[i]]
    }

    /// Whether the backward passes should go on to its input number `i`: not to the batch itself.
    pub(crate) fn wants_gradient(&self, i: usize) -> bool {
        self.varies[self.inputs[i]]
    }

    /// The gradient of input `i` by `f`, where it is wanted.
    pub(crate) fn if_wanted(
        &self,
        i: usize,
        f: impl FnOnce() -> Result<Tensor>,
    ) -> Result<Option<Tensor>> {
        self.wants_gradient(i).then(f).transpose()
    }

    /// The parameter of this index.
    pub(crate) fn param(&self, index: usize) -> &'a Tensor {
        &self.state.params[index]
    }
}

/// The directions of one op in a tangent pass.
#[derive(Clone, Copy)]
pub(crate) struct Directions<'a> {
    /// Number of directions in the block.
    pub(crate) k: usize,
    /// Blocks `[k, shape]` of parameter directions.
    pub(crate) params: &'a [Tensor],
    /// The values it reads, by index.
    pub(crate) inputs: &'a [usize],
    /// Tangents of all values found so far; `None` for one that does not depend on the parameters.
    pub(crate) tangents: &'a [Option<Tensor>],
    /// What the op's own tangent pass kept; empty in that pass.
    pub(crate) kept: &'a Kept,
}

impl<'a> Directions<'a> {
    /// Tangent of input number `i`; `None` where it does not depend on the parameters.
    pub(crate) fn input(&self, i: usize) -> Option<&'a Tensor> {
        self.tangents[self.inputs[i]].as_ref()
    }

    /// Tangent of input number `i` of value `x`, zeros where it does not depend on the parameters.
    pub(crate) fn input_or_zeros(&self, i: usize, x: &Tensor) -> Result<Tensor> {
        if let Some(tangent) = self.input(i) {
            return Ok(tangent.clone());
        }
        let (rows, d) = x.dims2()?;
        Tensor::zeros((rows, self.k, d), x.dtype(), x.device())
    }

    /// Directions `[k, shape]` of the parameter of this index.
    pub(crate) fn param(&self, index: usize) -> &'a Tensor {
        &self.params[index]
    }
}

/// What an op's tangent pass gives.
pub(crate) struct Tangent {
    pub(crate) value: Tensor,
    pub(crate) kept: Kept,
}

/// ∂L/∂output and its tangents.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    /// `[n·p, d]`.
    pub(crate) g: &'a Tensor,
    /// `[n·p, k, d]`.
    pub(crate) dg: &'a Tensor,
}
