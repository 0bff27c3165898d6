//! The linear op y = x·wᵀ.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::dispatch::dispatch;
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};

dispatch! {
    fn linear(x: &Tensor, w: &Tensor) -> Tensor;
    fn linear_backward_weight(x: &Tensor, g: &Tensor) -> Tensor;
    fn linear_backward_input(g: &Tensor, w: &Tensor) -> Tensor;
    fn linear_tangent(x: &Tensor, dx: Option<&Tensor>, w: &Tensor, dw: &Tensor) -> Tensor;
    fn linear_tangent_backward_weight(x: &Tensor, dx: Option<&Tensor>, g: &Tensor, dg: &Tensor) -> Tensor;
    fn linear_tangent_backward_input(g: &Tensor, dg: &Tensor, w: &Tensor, dw: &Tensor) -> Tensor;
}

/// y = x·wᵀ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// Parameter of shape `[outputs, inputs]`.
    pub weight: usize,
}

impl Passes for Linear {
    fn label(&self) -> String {
        "linear".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        vec![self.weight]
    }

    fn multiplier(&self) -> Option<usize> {
        Some(self.weight)
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(linear(at.input(0), at.param(self.weight))?, Saved::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let dw = linear_backward_weight(at.input(0), g)?;
        let dx = at.if_wanted(0, || linear_backward_input(g, at.param(self.weight)))?;
        Ok(Gradients { inputs: vec![dx], params: vec![(self.weight, dw)] })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let (w, dw) = (at.param(self.weight), along.param(self.weight));
        let value = linear_tangent(at.input(0), along.input(0), w, dw)?;
        Ok(Tangent { value, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Saved,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let (w, dw) = (at.param(self.weight), along.param(self.weight));
        let ddw = linear_tangent_backward_weight(at.input(0), along.input(0), g, dg)?;
        let ddx = at.if_wanted(0, || linear_tangent_backward_input(g, dg, w, dw))?;
        Ok(Gradients { inputs: vec![ddx], params: vec![(self.weight, ddw)] })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0], params)
    }
}
