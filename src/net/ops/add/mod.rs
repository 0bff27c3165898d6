//! The sum of two values, y = x₁ + x₂.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::dispatch::dispatch;
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};

dispatch! {
    fn add(a: &Tensor, b: &Tensor) -> Tensor;
}

/// sum + term; in place on the CPU, so no other tensor may share the storage of `sum`.
pub(crate) fn add_to(sum: Tensor, term: &Tensor) -> Result<Tensor> {
    if sum.device().is_cpu() {
        kernel::add_to(&sum, term)?;
        Ok(sum)
    } else {
        sum + term
    }
}

/// y = x₁ + x₂; both may be the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add;

impl Passes for Add {
    fn label(&self) -> String {
        "sum".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(add(at.input(0), at.input(1))?, Saved::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        Ok(to_both(at, g))
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let value = match (along.input(0), along.input(1)) {
            (Some(a), Some(b)) => add(a, b)?,
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => along.input_or_zeros(0, at.input(0))?,
        };
        Ok(Tangent { value, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        _: Directions<'_>,
        _: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        Ok(to_both(at, dg))
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::reference(inputs)
    }
}

/// Passes the output's gradient, or its tangents, on to both inputs.
fn to_both(at: Primal<'_>, g: &Tensor) -> Gradients {
    let input = |i| at.wants_gradient(i).then(|| g.clone());
    Gradients { inputs: vec![input(0), input(1)], params: Vec::new() }
}
