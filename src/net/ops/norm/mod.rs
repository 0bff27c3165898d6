//! Normalization over sets of elements that span several rows: batch norm, and layer and group norm
//! of images.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor, bail};

use crate::net::dispatch::dispatch;
use crate::net::ops::affine::{affine, row_sums};
use crate::net::ops::standardise::{EPSILON, Sets};
use crate::net::passes::Shape;
use crate::net::passes::{
    Directions, Forward, Gradients, Mode, Pair, Passes, Primal, Saved, Tangent,
};
use crate::net::simd::Dual;

use kernel::{NormGradients, NormSaved, NormTangent, NormTangentBackward, Normed, Statistics};

dispatch! {
    fn norm(x: &Tensor, gain: &Tensor, shift: &Tensor, sets: Sets, epsilon: f64) -> Normed;
    fn norm_backward(g: &Tensor, x: &Tensor, gain: &Tensor, statistics: Statistics<'_>, sets: Sets) -> NormGradients;
    fn norm_tangent(dx: &Tensor, x: &Tensor, gain: Dual<'_>, dshift: &Tensor, statistics: Statistics<'_>, sets: Sets) -> NormTangent;
    fn norm_tangent_backward(dg: &Tensor, g: &Tensor, x: Dual<'_>, gain: Dual<'_>, saved: NormSaved<'_>, sets: Sets) -> NormTangentBackward;
}

/// Weight of the newest batch in the running statistics, as in `PyTorch`.
const MOMENTUM: f64 = 0.1;

/// y = γ∘(x − μ)/√(σ² + ε) + β with the mean and population variance of sets of elements, through
/// which gradients flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Norm {
    /// Which elements form a set.
    pub over: Over,
    /// γ, a parameter of shape `[features]`.
    pub gain: usize,
    /// β, a parameter of shape `[features]`.
    pub shift: usize,
}

/// Buffers `[d]` of running statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Running mean.
    pub mean: usize,
    /// Running unbiased variance.
    pub variance: usize,
}

/// Which elements are standardised together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Each feature over all examples and positions (arXiv 1502.03167).
    Examples {
        /// Buffers that replace mean and variance in evaluation.
        running: Running,
        /// Rows per ghost batch (arXiv 1705.08741): every run of so many consecutive rows has its
        /// own statistics; the last run may be shorter. `None` is the whole batch.
        ghost: Option<usize>,
    },
    /// Each of `groups` groups of consecutive features over `positions` consecutive rows. One group
    /// over one row is layer norm of a token (arXiv 1607.06450); groups over all rows of an example
    /// are group norm (arXiv 1803.08494).
    Features {
        /// Number of groups; divides the number of features.
        groups: usize,
        /// Number of rows; divides the number of positions.
        positions: usize,
    },
}

impl Norm {
    /// The sets of x `[n, d]`.
    fn sets(&self, x: &Tensor) -> Result<Sets> {
        let (n, d) = x.dims2()?;
        Ok(match self.over {
            Over::Examples { ghost, .. } => Sets { rows: ghost.unwrap_or(n).max(1), width: 1 },
            Over::Features { groups, positions } => {
                if groups == 0 || d % groups != 0 || positions == 0 || n % positions != 0 {
                    bail!(
                        "{n} × {d} values cannot be divided into sets of {positions} × {d}/{groups}"
                    );
                }
                Sets { rows: positions, width: d / groups }
            }
        })
    }
}

impl Passes for Norm {
    fn label(&self) -> String {
        match self.over {
            Over::Examples { ghost: None, .. } => "batch norm".to_owned(),
            Over::Examples { ghost: Some(_), .. } => "ghost batch norm".to_owned(),
            Over::Features { groups: 1, .. } => "layer norm".to_owned(),
            Over::Features { groups, .. } => format!("group norm, {groups} groups"),
        }
    }

    fn params(&self) -> Vec<usize> {
        vec![self.gain, self.shift]
    }

    fn products(&self, _: &[Shape], output: Shape) -> usize {
        output.len()
    }

    /// Saves s = 1/√(σ² + ε) and μ.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let x = at.input(0);
        let (gain, shift) = (at.param(self.gain), at.param(self.shift));
        let buffers = at.state.buffers;
        if let Over::Examples { running: Running { mean, variance }, .. } = self.over
            && at.state.mode == Mode::Evaluation
        {
            let scale = (gain / (&buffers[variance] + EPSILON)?.sqrt()?)?;
            let shift = (shift - (&buffers[mean] * &scale)?)?;
            return Ok(Forward::of(affine(x, &scale, &shift)?, Saved::none()));
        }
        let sets = self.sets(x)?;
        let found = norm(x, gain, shift, sets, EPSILON)?;
        let buffers = match self.over {
            Over::Examples { running, .. } => {
                update_running(running, buffers, x.dim(0)?, sets, &found)?
            }
            Over::Features { .. } => Vec::new(),
        };
        Ok(Forward { value: found.value, saved: Saved::of([found.scale, found.mean]), buffers })
    }

    /// ∂L/∂β = Σ g and ∂L/∂γ = Σ x̂∘g; saves both sums, per block of rows, as well.
    fn backward(&self, at: Primal<'_>, saved: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let [scale, mean] = saved.all()?;
        let (x, gain) = (at.input(0), at.param(self.gain));
        let found = norm_backward(g, x, gain, Statistics { scale, mean }, self.sets(x)?)?;
        let (dshift, dgain) = (row_sums(&found.sums)?, row_sums(&found.products)?);
        *saved = Saved::of([scale.clone(), mean.clone(), found.sums, found.products]);
        Ok(self.gradients(at, found.value, dgain, dshift))
    }

    /// Saves the means of dx and of x̂∘dx.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, saved: &Saved) -> Result<Tangent> {
        let [scale, mean, ..]: &[Tensor; 4] = saved.all()?;
        let x = at.input(0);
        let dx = along.input_or_zeros(0, x)?;
        let gain = Dual { value: at.param(self.gain), tangent: along.param(self.gain) };
        let (dshift, statistics) = (along.param(self.shift), Statistics { scale, mean });
        let found = norm_tangent(&dx, x, gain, dshift, statistics, self.sets(x)?)?;
        Ok(Tangent { value: found.value, saved: Saved::of([found.mean, found.overlap]) })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        saved: &Saved,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let [scale, mean, sums, products] = saved.all()?;
        let [tangent_mean, overlap] = along.saved.all()?;
        let x = at.input(0);
        let dx = along.input_or_zeros(0, x)?;
        let gain = Dual { value: at.param(self.gain), tangent: along.param(self.gain) };
        let statistics = Statistics { scale, mean };
        let saved = NormSaved { statistics, sums, products, tangent_mean, overlap };
        let sets = self.sets(x)?;
        let found =
            norm_tangent_backward(dg, g, Dual { value: x, tangent: &dx }, gain, saved, sets)?;
        Ok(self.gradients(at, found.value, found.products, found.sums))
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0], params)
    }
}

impl Norm {
    fn gradients(&self, at: Primal<'_>, dx: Tensor, dgain: Tensor, dshift: Tensor) -> Gradients {
        Gradients {
            inputs: vec![at.wants_gradient(0).then_some(dx)],
            params: vec![(self.gain, dgain), (self.shift, dshift)],
        }
    }
}

/// Updates running statistics: r ← (1 − momentum)·r + momentum·(the batch's, averaged over ghost
/// batches). Variances of m elements are scaled by m/(m − 1) to be unbiased; one element has
/// variance 0.
fn update_running(
    Running { mean, variance }: Running,
    buffers: &[Tensor],
    n: usize,
    sets: Sets,
    found: &Normed,
) -> Result<Vec<(usize, Tensor)>> {
    let unbiased = |(_, m): (usize, usize)| m as f64 / m.saturating_sub(1).max(1) as f64;
    let factors: Vec<f64> = sets.blocks(n).map(unbiased).collect();
    let (n_blocks, variances) = (factors.len(), &found.variance);
    let factors = Tensor::from_vec(factors, (n_blocks, 1), variances.device())?;
    let of_batch = variances.broadcast_mul(&factors.to_dtype(variances.dtype())?)?;
    let next =
        |running: &Tensor, batch: Tensor| (running * (1.0 - MOMENTUM))? + (batch * MOMENTUM)?;
    Ok(vec![
        (mean, next(&buffers[mean], found.mean.mean(0)?)?),
        (variance, next(&buffers[variance], of_batch.mean(0)?)?),
    ])
}
