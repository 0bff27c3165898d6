//! A trained gain and shift per feature, or one of each for all features: y = γ∘x + β.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{D, Result, Tensor};

use crate::net::dispatch::dispatch;
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};
use crate::net::simd::Dual;

dispatch! {
    fn affine(x: &Tensor, gain: &Tensor, shift: &Tensor) -> Tensor;
    fn affine_backward(g: &Tensor, x: &Tensor, gain: &Tensor) -> (Tensor, Tensor, Tensor);
    fn affine_tangent(x: &Tensor, dx: Option<&Tensor>, gain: Dual<'_>, dshift: &Tensor) -> Tensor;
    fn affine_tangent_backward(dg: &Tensor, g: &Tensor, x: &Tensor, dx: Option<&Tensor>, gain: Dual<'_>) -> (Tensor, Tensor, Tensor);
    fn row_sums(x: &Tensor) -> Tensor;
}

/// y = γ∘x + β with parameters of shape `[features]`, or `[1]` shared by all features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Affine {
    /// γ; `None` is the constant 1.
    pub gain: Option<usize>,
    /// β; `None` is the constant 0.
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
                affine(x, &gain, &shift)?
            }
            (None, Some(shift)) => x.broadcast_add(&widened(shift, x)?)?,
            (None, None) => x.clone(),
        };
        Ok(Forward::of(value, Saved::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let x = at.input(0);
        let Some(gain) = self.gain else {
            return self.gradients(at, g.clone(), [None, Some(row_sums(g)?)]);
        };
        let (dx, dgain, dshift) = affine_backward(g, x, &widened(at.param(gain), x)?)?;
        self.gradients(at, dx, [Some(dgain), Some(dshift)])
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let x = at.input(0);
        let shift = self.shift.map(|shift| along.param(shift));
        let value = match (self.gain, shift) {
            (Some(gain), shift) => {
                let dgain = widened(along.param(gain), x)?;
                let dshift = shift.map_or_else(|| dgain.zeros_like(), |shift| widened(shift, x))?;
                let gain = widened(at.param(gain), x)?;
                let gain = Dual { value: &gain, tangent: &dgain };
                affine_tangent(x, along.input(0), gain, &dshift)?
            }
            (None, Some(shift)) => {
                along.input_or_zeros(0, x)?.broadcast_add(&widened(shift, x)?)?
            }
            (None, None) => along.input_or_zeros(0, x)?,
        };
        Ok(Tangent { value, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Saved,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let x = at.input(0);
        let Some(gain) = self.gain else {
            return self.gradients(at, dg.clone(), [None, Some(row_sums(dg)?)]);
        };
        let (gain, dgain) = (widened(at.param(gain), x)?, widened(along.param(gain), x)?);
        let (ddx, ddgain, ddshift) = affine_tangent_backward(
            dg,
            g,
            x,
            along.input(0),
            Dual { value: &gain, tangent: &dgain },
        )?;
        self.gradients(at, ddx, [Some(ddgain), Some(ddshift)])
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0], params)
    }
}

impl Affine {
    /// Gradients of γ and β from gradients per feature `[.., features]`.
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

/// A parameter, or a block of its directions, broadcast to the features of `x`.
pub(crate) fn widened(param: &Tensor, x: &Tensor) -> Result<Tensor> {
    let mut shape = param.dims().to_vec();
    if let (Some(last), [.., d]) = (shape.last_mut(), x.dims()) {
        *last = *d;
    }
    param.broadcast_as(shape)?.contiguous()
}
