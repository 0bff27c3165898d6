//! Adds a learned vector per position.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::ops::bias_activation::{add_row, sum_rows};
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};

/// y = x + table for every example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Positions {
    /// Parameter of shape `[p, d]`.
    pub table: usize,
}

impl Passes for Positions {
    fn label(&self) -> String {
        "positions".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        vec![self.table]
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(add(at.input(0), at.param(self.table))?, Saved::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let table = at.param(self.table);
        let sum = sum(g, table.elem_count())?.reshape(table.shape())?;
        let dx = at.if_wanted(0, || Ok(g.clone()))?;
        Ok(Gradients { inputs: vec![dx], params: vec![(self.table, sum)] })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        let tables = along.param(self.table).transpose(0, 1)?.contiguous()?;
        Ok(Tangent { value: add(&dx, &tables)?, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let (k, p, d) = along.param(self.table).dims3()?;
        let sums = sum(dg, p * k * d)?.reshape((p, k, d))?.transpose(0, 1)?.contiguous()?;
        let ddx = at.if_wanted(0, || Ok(dg.clone()))?;
        Ok(Gradients { inputs: vec![ddx], params: vec![(self.table, sums)] })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0], params)
    }
}

/// Adds the table to every example.
fn add(x: &Tensor, table: &Tensor) -> Result<Tensor> {
    let examples = x.reshape(((), table.elem_count()))?;
    add_row(&examples, &table.flatten_all()?)?.reshape(x.shape())
}

/// The sum over examples of `len` elements each.
fn sum(g: &Tensor, len: usize) -> Result<Tensor> {
    sum_rows(&g.reshape(((), len))?)
}
