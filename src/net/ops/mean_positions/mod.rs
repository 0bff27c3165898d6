//! The mean over the positions of each example.
//! Does not know what they hold.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::passes::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};

/// One row for each example: the mean of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeanPositions {
    /// Positions of an example.
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
        Ok(Forward::of(self.mean(at.input(0))?, Kept::none()))
    }

    fn backward(&self, _: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.share(g)?)], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        Ok(Tangent { value: self.mean(&dx)?, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        _: Directions<'_>,
        _: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.share(dg)?)], params: Vec::new() })
    }

    #[cfg(test)]
    fn plain(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::plain(*self, inputs[0])
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

    /// The same share of a gradient for every position.
    fn share(self, g: &Tensor) -> Result<Tensor> {
        let rows = g.dims().split_first().map_or(&[][..], |(_, rest)| rest);
        let (n_examples, len) = (g.dim(0)?, rows.iter().product());
        let share = (g.reshape((n_examples, 1, len))? * (1.0 / self.positions as f64))?;
        let all = share.broadcast_as((n_examples, self.positions, len))?.contiguous()?;
        all.reshape([&[n_examples * self.positions], rows].concat())
    }
}
