//! Rows of a table by the tokens of a sequence: an embedding.
//! Does not know what the tokens mean.

use candle_core::{DType, Device, Result, Tensor, bail};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};

/// y = table[x] for the batch x `[n, p]` of whole numbers: `[n·p, d]`.
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

    /// Keeps the tokens as indices.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let table = at.param(self.table);
        let tokens = indices(at.input(0), table.dim(0)?)?;
        Ok(Forward::of(table.index_select(&tokens, 0)?, Kept::of([tokens])))
    }

    fn backward(&self, at: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let [tokens] = kept.all()?;
        let table = at.param(self.table).zeros_like()?.index_add(tokens, g, 0)?;
        Ok(Gradients { inputs: vec![None], params: vec![(self.table, table)] })
    }

    fn tangent(&self, _: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent> {
        let [tokens] = kept.all()?;
        let tables = along.param(self.table).transpose(0, 1)?.contiguous()?;
        Ok(Tangent { value: tables.index_select(tokens, 0)?, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let [tokens] = kept.all()?;
        let tables = along.param(self.table).transpose(0, 1)?.contiguous()?;
        let sums = tables.zeros_like()?.index_add(tokens, dg, 0)?;
        let sums = sums.transpose(0, 1)?.contiguous()?;
        Ok(Gradients { inputs: vec![None], params: vec![(self.table, sums)] })
    }
}

/// The batch as indices into a table of `n` rows.
///
/// # Errors
/// Where a token is not one.
fn indices(batch: &Tensor, n: usize) -> Result<Tensor> {
    let tokens = batch.flatten_all()?.to_dtype(DType::F64)?.to_device(&Device::Cpu)?;
    for token in tokens.to_vec1::<f64>()? {
        if token.fract() != 0.0 || !(0.0..n as f64).contains(&token) {
            bail!("token {token} is none of the {n} of the embedding: use whole numbers from 0 on")
        }
    }
    batch.flatten_all()?.to_dtype(DType::U32)
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor};

    use crate::config::Loss;
    use crate::net::builder::Builder;
    use crate::net::objective::{Batch, Objective};
    use crate::net::oracle;

    #[test]
    fn an_embedding_with_positions_has_exact_derivatives() {
        let (vocabulary, t, d) = (4, 3, 2);
        let mut net = Builder::new(t);
        let x = net.embedding("tokens", 0, vocabulary, d);
        let x = net.positions("positions", x);
        let x = net.bias_activation(x, None, crate::config::Activation::Tanh);
        net.linear("out", x, 2);
        let program = net.finish();
        let tokens: Vec<f64> = (0..5 * t).map(|i| ((i * i + i / 3) % vocabulary) as f64).collect();
        let tokens = Tensor::from_vec(tokens, (5, t), &Device::Cpu).unwrap();
        let twin = |w: &[Tensor], x: &Tensor| {
            let rows: Vec<f64> = x
                .flatten_all()?
                .to_vec1::<f64>()?
                .into_iter()
                .flat_map(|token| (0..vocabulary).map(move |i| f64::from(i as f64 == token)))
                .collect();
            let one_hot = Tensor::from_vec(rows, (5 * t, vocabulary), &Device::Cpu)?;
            let x = one_hot.matmul(&w[0])?.reshape((5, t, d))?.broadcast_add(&w[1])?;
            x.tanh()?.reshape((5 * t, d))?.matmul(&w[2].t()?)
        };
        oracle::check(&program, Some(&tokens), Some(&twin));
    }

    #[test]
    fn a_token_outside_the_table_is_an_error() {
        let mut net = Builder::new(2);
        net.embedding("tokens", 0, 4, 2);
        let objective = Objective::new(net.finish(), Loss::Mse, 1).unwrap();
        for token in [4.0, -1.0, 0.5, f64::NAN] {
            let inputs = Tensor::new(&[[1.0, token]], &Device::Cpu).unwrap();
            let batch = Batch { inputs, targets: oracle::tensor(&[1, 4], 0.1) };
            let error = objective.linearize(&oracle::tensor(&[8], 0.2), &[], &batch).unwrap_err();
            let wanted = format!("token {token} is none of the 4 of the embedding");
            assert!(error.to_string().contains(&wanted), "{error}");
        }
    }
}
