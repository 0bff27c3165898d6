//! A trained factor and a trained summand for each feature, or one for all, y = γ∘x + β.
//! Does not know what made x.

use candle_core::{D, Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::dispatch as fused;

/// y = γ∘x + β, each of shape `[features]`, or `[1]` where one number serves all features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Affine {
    /// γ; `None` is 1, not trained.
    pub gain: Option<usize>,
    /// β; `None` is 0, not trained.
    pub shift: Option<usize>,
}

impl Passes for Affine {
    fn label(&self) -> String {
        match (self.gain, self.shift) {
            (Some(_), Some(_)) => "gain, shift",
            (Some(_), None) => "gain",
            (None, Some(_)) => "shift",
            (None, None) => "identity",
        }
        .to_owned()
    }

    fn params(&self) -> Vec<usize> {
        self.gain.into_iter().chain(self.shift).collect()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let x = at.input(0);
        let shift = self.shift.map(|shift| at.param(shift));
        let value = match (self.gain, shift) {
            (Some(gain), shift) => {
                let gain = widened(at.param(gain), x)?;
                let shift = shift.map_or_else(|| gain.zeros_like(), |shift| widened(shift, x))?;
                fused::affine(x, &gain, &shift)?
            }
            (None, Some(shift)) => x.broadcast_add(&widened(shift, x)?)?,
            (None, None) => x.clone(),
        };
        Ok(Forward::of(value, Kept::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let x = at.input(0);
        let Some(gain) = self.gain else {
            return self.gradients(at, g.clone(), [None, Some(fused::row_sums(g)?)]);
        };
        let (dx, dgain, dshift) = fused::affine_backward(g, x, &widened(at.param(gain), x)?)?;
        self.gradients(at, dx, [Some(dgain), Some(dshift)])
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let x = at.input(0);
        let shift = self.shift.map(|shift| along.param(shift));
        let value = match (self.gain, shift) {
            (Some(gain), shift) => {
                let dgain = widened(along.param(gain), x)?;
                let dshift = shift.map_or_else(|| dgain.zeros_like(), |shift| widened(shift, x))?;
                let gain = widened(at.param(gain), x)?;
                fused::affine_tangent(x, along.input(0), &gain, (&dgain, &dshift))?
            }
            (None, Some(shift)) => {
                along.input_or_zeros(0, x)?.broadcast_add(&widened(shift, x)?)?
            }
            (None, None) => along.input_or_zeros(0, x)?,
        };
        Ok(Tangent { value, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Kept,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let x = at.input(0);
        let Some(gain) = self.gain else {
            return self.gradients(at, dg.clone(), [None, Some(fused::row_sums(dg)?)]);
        };
        let (gain, dgain) = (widened(at.param(gain), x)?, widened(along.param(gain), x)?);
        let (ddx, ddgain, ddshift) =
            fused::affine_tangent_backward(dg, g, (x, along.input(0)), (&gain, &dgain))?;
        self.gradients(at, ddx, [Some(ddgain), Some(ddshift)])
    }
}

impl Affine {
    /// Gradients of γ and β from those of each feature, `[.., features]`.
    fn gradients(
        &self,
        at: Primal<'_>,
        dx: Tensor,
        of_features: [Option<Tensor>; 2],
    ) -> Result<Gradients> {
        let mut params = Vec::new();
        for (param, gradient) in [self.gain, self.shift].into_iter().zip(of_features) {
            if let (Some(param), Some(gradient)) = (param, gradient) {
                let is_shared = at.param(param).dim(0)? == 1;
                let gradient = if is_shared { gradient.sum_keepdim(D::Minus1)? } else { gradient };
                params.push((param, gradient));
            }
        }
        Ok(Gradients { inputs: vec![at.wants_gradient(0).then_some(dx)], params })
    }
}

/// A parameter, or a block of its directions, as one number for each feature of `x`.
pub(super) fn widened(param: &Tensor, x: &Tensor) -> Result<Tensor> {
    let mut shape = param.dims().to_vec();
    if let (Some(last), [.., d]) = (shape.last_mut(), x.dims()) {
        *last = *d;
    }
    param.broadcast_as(shape)?.contiguous()
}

#[cfg(test)]
mod tests {
    use crate::net::builder::{Builder, Scalar};
    use crate::net::oracle;

    #[test]
    fn a_gain_and_a_shift_of_each_feature_have_exact_derivatives() {
        let mut net = Builder::new(4);
        let x = net.affine("first", 0);
        let x = net.linear("a", x, 3);
        net.affine("last", x);
        let twin = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
            let x = x.broadcast_mul(&w[0])?.broadcast_add(&w[1])?.matmul(&w[2].t()?)?;
            x.broadcast_mul(&w[3])?.broadcast_add(&w[4])
        };
        oracle::check(&net.finish(), None, Some(&twin));
    }

    #[test]
    fn one_gain_and_one_shift_for_all_features_have_exact_derivatives() {
        let mut net = Builder::new(4);
        let x = net.scalar("first", 0, Scalar::Shift);
        let x = net.linear("a", x, 3);
        let x = net.scalar("gain", x, Scalar::Gain);
        let x = net.linear("b", x, 2);
        net.scalar("last", x, Scalar::Shift);
        let twin = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
            let x = x.broadcast_add(&w[0])?.matmul(&w[1].t()?)?.broadcast_mul(&w[2])?;
            x.matmul(&w[3].t()?)?.broadcast_add(&w[4])
        };
        oracle::check(&net.finish(), None, Some(&twin));
    }
}
