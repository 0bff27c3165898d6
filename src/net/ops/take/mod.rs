//! Some positions of each example, one after the other.
//! Does not know what they hold.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::passes::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};

/// Positions from `first` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// The first one kept, from 0.
    pub first: usize,
    /// How many are kept.
    pub count: usize,
    /// How many there are.
    pub of: usize,
}

impl Passes for Take {
    fn label(&self) -> String {
        format!("last {}", self.count)
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(self.cut(at.input(0))?, Kept::none()))
    }

    fn backward(&self, _: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.put_back(g)?)], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        Ok(Tangent { value: self.cut(&dx)?, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        _: Directions<'_>,
        _: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.put_back(dg)?)], params: Vec::new() })
    }

    #[cfg(test)]
    fn plain(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::plain(*self, inputs[0])
    }
}

impl Take {
    /// The rows that are kept, of values or tangents.
    fn cut(&self, x: &Tensor) -> Result<Tensor> {
        let rows = x.dims().split_first().map_or(&[][..], |(_, rest)| rest);
        let kept = x.reshape(((), self.of, rows.iter().product()))?;
        let kept = kept.narrow(1, self.first, self.count)?.contiguous()?;
        let n_rows = kept.dim(0)? * self.count;
        kept.reshape([&[n_rows], rows].concat())
    }

    /// The same rows in their places among zeros.
    fn put_back(&self, g: &Tensor) -> Result<Tensor> {
        let rows = g.dims().split_first().map_or(&[][..], |(_, rest)| rest);
        let kept = g.reshape(((), self.count, rows.iter().product()))?;
        let all = kept.pad_with_zeros(1, self.first, self.of - self.first - self.count)?;
        let n_rows = all.dim(0)? * self.of;
        all.contiguous()?.reshape([&[n_rows], rows].concat())
    }
}
