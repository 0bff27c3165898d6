//! Selects consecutive positions of each example.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};

/// Selects `count` of `of` positions, from `first` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// First selected position, from 0.
    pub first: usize,
    /// Number of selected positions.
    pub count: usize,
    /// Number of positions of the input.
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
        Ok(Forward::of(self.cut(at.input(0))?, Saved::none()))
    }

    fn backward(&self, _: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.put_back(g)?)], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        Ok(Tangent { value: self.cut(&dx)?, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        _: Directions<'_>,
        _: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.put_back(dg)?)], params: Vec::new() })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0])
    }
}

impl Take {
    /// The selected rows of values or tangents.
    fn cut(&self, x: &Tensor) -> Result<Tensor> {
        let rows = x.dims().split_first().map_or(&[][..], |(_, rest)| rest);
        let selected = x.reshape(((), self.of, rows.iter().product()))?;
        let selected = selected.narrow(1, self.first, self.count)?.contiguous()?;
        let n_rows = selected.dim(0)? * self.count;
        selected.reshape([&[n_rows], rows].concat())
    }

    /// Inverse of [`Self::cut`], with zeros for the other rows.
    fn put_back(&self, g: &Tensor) -> Result<Tensor> {
        let rows = g.dims().split_first().map_or(&[][..], |(_, rest)| rest);
        let selected = g.reshape(((), self.count, rows.iter().product()))?;
        let all = selected.pad_with_zeros(1, self.first, self.of - self.first - self.count)?;
        let n_rows = all.dim(0)? * self.of;
        all.contiguous()?.reshape([&[n_rows], rows].concat())
    }
}
