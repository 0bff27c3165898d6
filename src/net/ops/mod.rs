//! The ops a network is made of, each with its four passes.
//! Only ops differentiate; knows nothing of the order they stand in.
//!
//! `forward` keeps what the others need, `backward` turns ∂L/∂output into ∂L/∂inputs and ∂L/∂params,
//! `tangent` and `tangent_backward` are the derivatives of those two along a block of k directions
//! (Pearlmutter's R-operator, Neural Computation 6, 1994).
//!
//! Every value is a matrix `[n·p, d]`: one row for each of the p positions of each of the n
//! examples (pixels of an image row by row, tokens of a sequence; one where there are none), one
//! column a feature. Its tangents along a block of k directions are `[n·p, k, d]`.

mod add;
mod affine;
mod attention;
mod bias_activation;
mod concat;
mod conv;
mod gather;
mod linear;
mod mean;
mod norm;
mod patches;
mod pool;
mod positions;
mod reshape;
mod spectral_scale;
mod standardise;
mod take;

use candle_core::{Result, Tensor, bail};

pub use add::Add;
pub use affine::Affine;
pub use attention::Attention;
pub use bias_activation::BiasActivation;
pub use concat::Concat;
pub use conv::Conv;
pub use gather::Gather;
pub use linear::Linear;
pub use mean::MeanPositions;
pub use norm::{Norm, Over};
pub use patches::Patches;
pub use pool::Pool;
pub use positions::Positions;
pub use reshape::Reshape;
pub use spectral_scale::SpectralScale;
pub use standardise::Standardise;
pub use take::Take;

use super::program::{Node, Shape};

/// One operation; numbers named for parameters and buffers are indices into the program's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// y = x·wᵀ.
    Linear(Linear),
    /// y = φ(x + b).
    BiasActivation(BiasActivation),
    /// y = γ∘(x − μ)/√(σ² + ε) + β over sets of several rows.
    Norm(Norm),
    /// x̂ = (x − μ)/√(σ² + ε) within each row.
    Standardise(Standardise),
    /// y = γ∘x + β.
    Affine(Affine),
    /// y = x₁ + x₂.
    Add(Add),
    /// Features side by side.
    Concat(Concat),
    /// y = x ∗ w.
    Conv(Conv),
    /// Means or maxima over windows.
    Pool(Pool),
    /// y = x as another number of positions.
    Reshape(Reshape),
    /// Rows of a table by the tokens of the batch.
    Gather(Gather),
    /// A learned vector added at every position.
    Positions(Positions),
    /// Attention of the positions to each other.
    Attention(Attention),
    /// Some of the positions.
    Take(Take),
    /// The mean over the positions.
    MeanPositions(MeanPositions),
    /// Patches of an image, a position each.
    Patches(Patches),
    /// y = (γ/σ(W))·x.
    SpectralScale(SpectralScale),
}

impl Op {
    /// What it does, in a word or two for a drawing.
    #[must_use]
    pub fn label(&self) -> String {
        self.passes().label()
    }

    /// Its four passes.
    pub(super) fn passes(&self) -> &dyn Passes {
        match self {
            Self::Linear(op) => op,
            Self::BiasActivation(op) => op,
            Self::Norm(op) => op,
            Self::Standardise(op) => op,
            Self::Affine(op) => op,
            Self::Add(op) => op,
            Self::Concat(op) => op,
            Self::Conv(op) => op,
            Self::Pool(op) => op,
            Self::Reshape(op) => op,
            Self::Gather(op) => op,
            Self::Positions(op) => op,
            Self::Attention(op) => op,
            Self::Take(op) => op,
            Self::MeanPositions(op) => op,
            Self::Patches(op) => op,
            Self::SpectralScale(op) => op,
        }
    }
}

/// The four passes of an op.
pub(super) trait Passes {
    /// What it does, in a word or two for a drawing.
    fn label(&self) -> String;

    /// The parameters it reads, by index.
    fn params(&self) -> Vec<usize>;

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

    /// Numbers that it keeps of one example besides what is as large as its output.
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
}

/// Tensors that one pass of an op leaves to its later ones, in an order known to the op.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept(Vec<Tensor>);

impl Kept {
    /// Nothing.
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    /// These, in this order.
    pub(super) fn of<const N: usize>(tensors: [Tensor; N]) -> Self {
        Self(tensors.into())
    }

    /// All of them, in the order they were kept.
    pub(super) fn all<const N: usize>(&self) -> Result<&[Tensor; N]> {
        match self.0.as_slice().try_into() {
            Ok(tensors) => Ok(tensors),
            Err(_) => bail!("a pass of an op found {} tensors kept, not {N}", self.0.len()),
        }
    }
}

/// Gradients of one op: for each input (where wanted) and for each of its parameters by index.
pub(super) struct Gradients {
    pub(super) inputs: Vec<Option<Tensor>>,
    pub(super) params: Vec<(usize, Tensor)>,
}

/// How a network is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Statistics are those of the batch, and part of the function that is differentiated.
    Training,
    /// Statistics are the running ones.
    Evaluation,
}

/// What a network is at one step, by index into its tables.
#[derive(Clone, Copy)]
pub(super) struct State<'a> {
    pub(super) params: &'a [Tensor],
    pub(super) buffers: &'a [Tensor],
    pub(super) mode: Mode,
}

/// What an op's forward pass gives.
pub(super) struct Forward {
    pub(super) value: Tensor,
    pub(super) kept: Kept,
    /// New values of the buffers it owns, by index.
    pub(super) buffers: Vec<(usize, Tensor)>,
}

impl Forward {
    /// A value of an op that leaves the buffers alone.
    pub(super) fn of(value: Tensor, kept: Kept) -> Self {
        Self { value, kept, buffers: Vec::new() }
    }
}

/// What one op sees in a pass: the current state and its inputs' values.
#[derive(Clone, Copy)]
pub(super) struct Primal<'a> {
    pub(super) state: State<'a>,
    pub(super) node: &'a Node,
    /// All values found so far; the batch first.
    pub(super) values: &'a [Tensor],
    /// Which values depend on the parameters: only those have gradients and tangents.
    pub(super) varies: &'a [bool],
}

impl<'a> Primal<'a> {
    /// Value of its input number `i`.
    pub(super) fn input(&self, i: usize) -> &'a Tensor {
        &self.values[self.node.inputs[i]]
    }

    /// Whether the backward passes should go on to its input number `i`: not to the batch itself.
    pub(super) fn wants_gradient(&self, i: usize) -> bool {
        self.varies[self.node.inputs[i]]
    }

    /// The gradient of input `i` by `f`, where it is wanted.
    pub(super) fn if_wanted(
        &self,
        i: usize,
        f: impl FnOnce() -> Result<Tensor>,
    ) -> Result<Option<Tensor>> {
        self.wants_gradient(i).then(f).transpose()
    }

    /// The parameter of this index.
    pub(super) fn param(&self, index: usize) -> &'a Tensor {
        &self.state.params[index]
    }
}

/// The directions of one op in a tangent pass.
#[derive(Clone, Copy)]
pub(super) struct Directions<'a> {
    /// Number of directions in the block.
    pub(super) k: usize,
    /// Blocks `[k, shape]` of parameter directions.
    pub(super) params: &'a [Tensor],
    pub(super) node: &'a Node,
    /// Tangents of all values found so far; `None` for one that does not depend on the parameters.
    pub(super) tangents: &'a [Option<Tensor>],
    /// What the op's own tangent pass kept; empty in that pass.
    pub(super) kept: &'a Kept,
}

impl<'a> Directions<'a> {
    /// Tangent of input number `i`; `None` where it does not depend on the parameters.
    pub(super) fn input(&self, i: usize) -> Option<&'a Tensor> {
        self.tangents[self.node.inputs[i]].as_ref()
    }

    /// Tangent of input number `i` of value `x`, zeros where it does not depend on the parameters.
    pub(super) fn input_or_zeros(&self, i: usize, x: &Tensor) -> Result<Tensor> {
        if let Some(tangent) = self.input(i) {
            return Ok(tangent.clone());
        }
        let (rows, d) = x.dims2()?;
        Tensor::zeros((rows, self.k, d), x.dtype(), x.device())
    }

    /// Directions `[k, shape]` of the parameter of this index.
    pub(super) fn param(&self, index: usize) -> &'a Tensor {
        &self.params[index]
    }
}

/// What an op's tangent pass gives.
pub(super) struct Tangent {
    pub(super) value: Tensor,
    pub(super) kept: Kept,
}

/// ∂L/∂output and its tangents.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    /// `[n·p, d]`.
    pub(super) g: &'a Tensor,
    /// `[n·p, k, d]`.
    pub(super) dg: &'a Tensor,
}
