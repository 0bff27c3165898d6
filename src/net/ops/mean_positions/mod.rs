//! The mean over the positions of each example.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};

/// The mean of x over the `positions` rows of each example, `[n, d]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeanPositions {
    /// Positions per example.
    pub positions: usize,
}

impl Passes for MeanPositions {
    fn label(&self) -> String {
        "mean".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(self.mean(at.input(0))?, Saved::none()))
    }

    fn backward(&self, _: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.share(g)?)], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        Ok(Tangent { value: self.mean(&dx)?, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        _: Directions<'_>,
        _: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.share(dg)?)], params: Vec::new() })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0])
    }
}

impl MeanPositions {
    /// The mean, of values or tangents.
    fn mean(self, x: &Tensor) -> Result<Tensor> {
        let rows = x.dims().split_first().map_or(&[][..], |(_, rest)| rest);
        let mean = x.reshape(((), self.positions, rows.iter().product()))?.mean(1)?;
        let n_examples = mean.dim(0)?;
        mean.reshape([&[n_examples], rows].concat())
    }

    /// Distributes a gradient evenly over the positions.
    fn share(self, g: &Tensor) -> Result<Tensor> {
        let rows = g.dims().split_first().map_or(&[][..], |(_, rest)| rest);
        let (n_examples, len) = (g.dim(0)?, rows.iter().product());
        let share = (g.reshape((n_examples, 1, len))? * (1.0 / self.positions as f64))?;
        let all = share.broadcast_as((n_examples, self.positions, len))?.contiguous()?;
        all.reshape([&[n_examples * self.positions], rows].concat())
    }
}
