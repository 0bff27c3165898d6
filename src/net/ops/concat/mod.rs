//! Concatenation of features, `[n·p, d₁ + d₂ + …]`.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};

/// Concatenates the features of its inputs, in order; an input may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concat;

impl Passes for Concat {
    fn label(&self) -> String {
        "concat".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let inputs: Vec<&Tensor> = inputs(at).collect();
        Ok(Forward::of(Tensor::cat(&inputs, 1)?, Saved::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        parts(at, g)
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let tangents: Result<Vec<Tensor>> =
            inputs(at).enumerate().map(|(i, x)| along.input_or_zeros(i, x)).collect();
        Ok(Tangent { value: Tensor::cat(&tangents?, 2)?, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        _: Directions<'_>,
        _: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        parts(at, dg)
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::reference(inputs)
    }
}

fn inputs(at: Primal<'_>) -> impl Iterator<Item = &Tensor> {
    at.inputs.iter().map(move |value| &at.values[*value])
}

/// Splits the output's gradient `[.., d₁ + d₂ + …]`, or its tangents, into those of the inputs.
fn parts(at: Primal<'_>, g: &Tensor) -> Result<Gradients> {
    let (mut parts, mut start) = (Vec::new(), 0);
    for (i, x) in inputs(at).enumerate() {
        let (_, d) = x.dims2()?;
        let part = || g.narrow(g.rank() - 1, start, d)?.contiguous();
        parts.push(at.if_wanted(i, part)?);
        start += d;
    }
    Ok(Gradients { inputs: parts, params: Vec::new() })
}
