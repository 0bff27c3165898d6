//! The ops a network is made of, each with its four passes.
//! Only ops differentiate; knows nothing of the order they stand in.
//!
//! `forward` keeps what the others need, `backward` turns ∂L/∂output into ∂L/∂inputs and ∂L/∂params,
//! `tangent` and `tangent_backward` are the derivatives of those two along a block of k directions
//! (Pearlmutter's R-operator, Neural Computation 6, 1994). Shapes as in `kernels`.

use candle_core::{Result, Tensor, bail};

use super::dispatch as fused;
use crate::config::Activation;

/// One operation; `weight` and `bias` are indices into the parameter table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// y = x·wᵀ.
    Linear {
        /// Parameter of shape `[outputs, inputs]`.
        weight: usize,
    },
    /// y = φ(x + b).
    BiasActivation {
        /// Parameter of shape `[units]`; `None` is b = 0, not trained.
        bias: Option<usize>,
        /// φ.
        activation: Activation,
    },
}

/// What an op's forward and backward passes leave for its tangent passes.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// φ′ at the input.
    slope: Option<Tensor>,
    /// φ″ at the input; after the backward pass φ″·∂L/∂output.
    bend: Option<Tensor>,
}

/// Gradients of one op: for each input (when asked for) and for each of its parameters.
pub(super) struct Gradients {
    pub(super) inputs: Vec<Option<Tensor>>,
    pub(super) params: Vec<(usize, Tensor)>,
}

/// What a network is at one step, by index into its tables.
#[derive(Clone, Copy)]
pub(super) struct State<'a> {
    pub(super) params: &'a [Tensor],
    pub(super) buffers: &'a [Tensor],
}

/// What an op's forward pass gives.
pub(super) struct Forward {
    pub(super) value: Tensor,
    pub(super) kept: Kept,
    /// New values of the buffers it owns, by index.
    pub(super) buffers: Vec<(usize, Tensor)>,
}

/// What one op sees in a pass: the current state and its input's value.
#[derive(Clone, Copy)]
pub(super) struct Primal<'a> {
    pub(super) state: State<'a>,
    pub(super) input: &'a Tensor,
    /// Whether the backward passes should go on to the input: not for the batch itself.
    pub(super) wants_gradient: bool,
}

/// The directions of one op in a tangent pass.
#[derive(Clone, Copy)]
pub(super) struct Directions<'a> {
    /// Blocks `[k, shape]` of parameter directions.
    pub(super) params: &'a [Tensor],
    /// Tangent of the input; `None` for the network's own input.
    pub(super) input: Option<&'a Tensor>,
}

impl Op {
    /// The output, what the other passes need, and the buffers as it leaves them.
    pub(super) fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        match *self {
            Self::Linear { weight } => {
                let value = fused::linear(at.input, &at.state.params[weight])?;
                Ok(Forward { value, kept: Kept::default(), buffers: Vec::new() })
            }
            Self::BiasActivation { bias, activation } => {
                let bias = biases(at.state.params, bias, &at.input.dims()[1..], at.input)?;
                let swept = fused::bias_activation(at.input, &bias, activation)?;
                let kept = Kept { slope: Some(swept.slope), bend: Some(swept.bend) };
                Ok(Forward { value: swept.value, kept, buffers: Vec::new() })
            }
        }
    }

    /// From ∂L/∂output to ∂L/∂params and, when wanted, ∂L/∂input.
    pub(super) fn backward(
        &self,
        at: Primal<'_>,
        kept: &mut Kept,
        g: &Tensor,
    ) -> Result<Gradients> {
        match *self {
            Self::Linear { weight } => {
                let dw = fused::linear_backward_weight(at.input, g)?;
                let dx = at
                    .wants_gradient
                    .then(|| fused::linear_backward_input(g, &at.state.params[weight]))
                    .transpose()?;
                Ok(Gradients { inputs: vec![dx], params: vec![(weight, dw)] })
            }
            Self::BiasActivation { bias, .. } => {
                let (slope, bend) = kept.derivatives()?;
                let (dz, curved, db) = fused::bias_activation_backward(g, slope, bend)?;
                kept.bend = Some(curved);
                let params = bias.map(|bias| (bias, db)).into_iter().collect();
                Ok(Gradients { inputs: vec![Some(dz)], params })
            }
        }
    }

    /// The output's tangent, and the input's own tangent as the backward pass will need it.
    pub(super) fn tangent(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
    ) -> Result<(Tensor, Option<Tensor>)> {
        match *self {
            Self::Linear { weight } => {
                let (w, dw) = (&at.state.params[weight], &along.params[weight]);
                let dy = fused::linear_tangent(at.input, along.input, w, dw)?;
                Ok((dy, along.input.cloned()))
            }
            Self::BiasActivation { bias, .. } => {
                let Some(dz) = along.input else { bail!("an activation needs an input tangent") };
                let (slope, _) = kept.derivatives()?;
                let db = biases(along.params, bias, &dz.dims()[1..], dz)?;
                let (dz, da) = fused::bias_activation_tangent(dz, &db, slope)?;
                Ok((da, Some(dz)))
            }
        }
    }

    /// Derivative of `backward` along the directions: `g` is ∂L/∂output, `dg` its tangent.
    pub(super) fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
        (g, dg): (&Tensor, &Tensor),
    ) -> Result<Gradients> {
        match *self {
            Self::Linear { weight } => {
                let (w, dw) = (&at.state.params[weight], &along.params[weight]);
                let ddw = fused::linear_tangent_backward_weight(at.input, along.input, g, dg)?;
                let ddx = at
                    .wants_gradient
                    .then(|| fused::linear_tangent_backward_input(g, dg, w, dw))
                    .transpose()?;
                Ok(Gradients { inputs: vec![ddx], params: vec![(weight, ddw)] })
            }
            Self::BiasActivation { bias, .. } => {
                let Some(dz) = along.input else { bail!("an activation needs an input tangent") };
                let (slope, curved) = kept.derivatives()?;
                let (ddz, ddb) = fused::bias_activation_tangent_backward(dg, dz, slope, curved)?;
                let params = bias.map(|bias| (bias, ddb)).into_iter().collect();
                Ok(Gradients { inputs: vec![Some(ddz)], params })
            }
        }
    }
}

/// The bias, or a block of directions of it; zeros of this shape and of the dtype and device of
/// `like` where there is none.
fn biases(table: &[Tensor], bias: Option<usize>, shape: &[usize], like: &Tensor) -> Result<Tensor> {
    match bias {
        Some(bias) => Ok(table[bias].clone()),
        None => Tensor::zeros(shape, like.dtype(), like.device()),
    }
}

impl Kept {
    fn derivatives(&self) -> Result<(&Tensor, &Tensor)> {
        match (&self.slope, &self.bend) {
            (Some(slope), Some(bend)) => Ok((slope, bend)),
            _ => bail!("the forward pass of an activation must precede its other passes"),
        }
    }
}
