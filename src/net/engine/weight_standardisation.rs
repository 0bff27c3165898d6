//! Weight standardisation by rows (arXiv 1903.10520) between the trained parameters and the ops.
//!
//! A row holds the weights of one output. Ops read Ŵ and return ∂L/∂Ŵ; the map from W to Ŵ is
//! differentiated here, once for all examples, by the formulas of `ops::standardise`.

use candle_core::{Result, Tensor};

use super::program::Program;
use crate::net::ops::standardise::{
    Means, Standardised, standardise, standardise_project, standardise_tangent_backward,
};
use crate::net::simd::Dual;

/// ε added to a row's variance; far below the variance under any initialization.
const EPSILON: f64 = 1e-10;

/// All parameters as the ops read them, in table order.
#[derive(Debug)]
pub(super) struct EffectiveParams {
    pub(super) params: Vec<Tensor>,
    /// The standardised weights by index, as matrices `[outputs, inputs]`.
    standardised: Vec<(usize, Standardised)>,
}

/// ∂L/∂Ŵ `[outputs, inputs]` of one weight, with row means of it and of its product with Ŵ.
#[derive(Debug)]
pub(super) struct Pullback {
    gradient: Tensor,
    mean: Tensor,
    overlap: Tensor,
}

/// The tangents of one Ŵ, `[outputs, k, inputs]`, with row means of the product of W's tangents
/// with Ŵ.
pub(super) struct Pushforward {
    tangent: Tensor,
    overlap: Tensor,
}

impl EffectiveParams {
    /// Standardises the weights among the trained parameters.
    pub(super) fn of(program: &Program, mut params: Vec<Tensor>) -> Result<Self> {
        let mut standardised = Vec::new();
        for index in &program.standardised {
            let w = params[*index].flatten_from(1)?;
            let found = standardise(&w, w.dim(1)?, EPSILON)?;
            params[*index] = found.value.reshape(params[*index].shape())?;
            standardised.push((*index, found));
        }
        Ok(Self { params, standardised })
    }

    /// Replaces ∂L/∂Ŵ by ∂L/∂W among gradients in table order.
    pub(super) fn pull_back(&self, sums: &mut [Option<Tensor>]) -> Result<Vec<Pullback>> {
        let mut all = Vec::with_capacity(self.standardised.len());
        for (index, Standardised { value: hat, scale, .. }) in &self.standardised {
            let gradient = match sums[*index].take() {
                Some(gradient) => gradient.reshape(hat.shape())?,
                None => hat.zeros_like()?,
            };
            let found = standardise_project(&gradient.unsqueeze(1)?, hat, scale, hat.dim(1)?)?;
            sums[*index] = Some(found.value.reshape(self.params[*index].shape())?);
            let (mean, overlap) = (found.mean.squeeze(1)?, found.overlap.squeeze(1)?);
            all.push(Pullback { gradient, mean, overlap });
        }
        Ok(all)
    }

    /// Replaces directions `[k, shape]` of W by the corresponding directions of Ŵ.
    pub(super) fn push_forward(
        &self,
        mut block: Vec<Tensor>,
    ) -> Result<(Vec<Tensor>, Vec<Pushforward>)> {
        let mut all = Vec::with_capacity(self.standardised.len());
        for (index, Standardised { value: hat, scale, .. }) in &self.standardised {
            let shape = block[*index].shape().clone();
            let along = by_rows(&block[*index])?;
            let found = standardise_project(&along, hat, scale, hat.dim(1)?)?;
            block[*index] = found.value.transpose(0, 1)?.contiguous()?.reshape(shape)?;
            all.push(Pushforward { tangent: found.value, overlap: found.overlap });
        }
        Ok((block, all))
    }

    /// Replaces the derivatives of ∂L/∂Ŵ along the directions by those of ∂L/∂W, `[k, shape]`.
    pub(super) fn pull_back_tangent(
        &self,
        sums: &mut [Option<Tensor>],
        pulled: &[Pullback],
        pushed: &[Pushforward],
    ) -> Result<()> {
        let weights = self.standardised.iter().zip(pulled).zip(pushed);
        for (((index, Standardised { value: hat, scale, .. }), first), along) in weights {
            let Some(sum) = sums[*index].take() else { continue };
            let means = Means {
                scale,
                gradient: &first.mean,
                overlap: &first.overlap,
                tangent: &along.overlap,
            };
            let (dg, hats) = (by_rows(&sum)?, Dual { value: hat, tangent: &along.tangent });
            let found =
                standardise_tangent_backward(&dg, &first.gradient, hats, means, hat.dim(1)?)?;
            sums[*index] = Some(found.transpose(0, 1)?.contiguous()?.reshape(sum.shape())?);
        }
        Ok(())
    }
}

/// Reshapes a block `[k, outputs, ..]` to `[outputs, k, inputs]`.
fn by_rows(block: &Tensor) -> Result<Tensor> {
    block.flatten_from(2)?.transpose(0, 1)?.contiguous()
}

#[cfg(test)]
mod tests {
    use candle_core::{Result, Tensor};

    use super::EPSILON;
    use crate::config::Activation;
    use crate::net::builder::Builder;
    use crate::net::oracle;

    #[test]
    fn standardised_weights_have_exact_derivatives() {
        let mut net = Builder::new(4);
        let x = net.linear("a", 0, 3);
        net.standardise_weight();
        let x = net.bias_activation(x, None, Activation::Tanh);
        let x = net.linear("b", x, 3);
        let x = net.bias_activation(x, None, Activation::Tanh);
        net.linear("c", x, 2);
        net.standardise_weight();
        let rows = |w: &Tensor| -> Result<Tensor> {
            let n = w.dim(1)? as f64;
            let centred = w.broadcast_sub(&(w.sum_keepdim(1)? / n)?)?;
            let variance = (centred.sqr()?.sum_keepdim(1)? / n)?;
            centred.broadcast_div(&(variance + EPSILON)?.sqrt()?)?.t()
        };
        let reference = |w: &[Tensor], x: &Tensor| {
            let x = x.matmul(&rows(&w[0])?)?.tanh()?;
            x.matmul(&w[1].t()?)?.tanh()?.matmul(&rows(&w[2])?)
        };
        oracle::check(&net.finish(), None, Some(&reference));
    }
}
