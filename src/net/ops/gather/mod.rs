//! Embedding: looks up a table row for every token.

#[cfg(test)]
mod tests;

use candle_core::{DType, Device, Result, Tensor, bail};

use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};

/// y = table[x], `[n·p, d]`, for a batch x `[n, p]` of integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gather {
    /// Parameter of shape `[vocabulary, d]`.
    pub table: usize,
}

impl Passes for Gather {
    fn label(&self) -> String {
        "embedding".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        vec![self.table]
    }

    /// Saves the tokens as integer indices.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let table = at.param(self.table);
        let tokens = indices(at.input(0), table.dim(0)?)?;
        Ok(Forward::of(table.index_select(&tokens, 0)?, Saved::of([tokens])))
    }

    fn backward(&self, at: Primal<'_>, saved: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let [tokens] = saved.all()?;
        let table = at.param(self.table).zeros_like()?.index_add(tokens, g, 0)?;
        Ok(Gradients { inputs: vec![None], params: vec![(self.table, table)] })
    }

    fn tangent(&self, _: Primal<'_>, along: Directions<'_>, saved: &Saved) -> Result<Tangent> {
        let [tokens] = saved.all()?;
        let tables = along.param(self.table).transpose(0, 1)?.contiguous()?;
        Ok(Tangent { value: tables.index_select(tokens, 0)?, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        along: Directions<'_>,
        saved: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let [tokens] = saved.all()?;
        let tables = along.param(self.table).transpose(0, 1)?.contiguous()?;
        let sums = tables.zeros_like()?.index_add(tokens, dg, 0)?;
        let sums = sums.transpose(0, 1)?.contiguous()?;
        Ok(Gradients { inputs: vec![None], params: vec![(self.table, sums)] })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0], params)
    }
}

/// The batch as integer indices into a table of `n` rows.
///
/// # Errors
/// A token is not an index of the table.
fn indices(batch: &Tensor, n: usize) -> Result<Tensor> {
    let tokens = batch.flatten_all()?.to_dtype(DType::F64)?.to_device(&Device::Cpu)?;
    for token in tokens.to_vec1::<f64>()? {
        if token.fract() != 0.0 || !(0.0..n as f64).contains(&token) {
            bail!("token {token} is not an index of the embedding's {n} rows: use integers from 0")
        }
    }
    batch.flatten_all()?.to_dtype(DType::U32)
}
