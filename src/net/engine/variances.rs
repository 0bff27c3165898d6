//! Variances of a network's values over a batch.

use candle_core::Tensor;

use super::objective::{Batch, Objective, cut};
use super::program::{Node, Program};
use super::tape::forward;
use super::weight_standardisation::EffectiveParams;
use crate::net::halt::Halt;
use crate::net::passes::Mode;
use crate::net::simd::widen;

/// Count, sum and sum of squares.
type Sums = [f64; 3];

impl Program {
    /// Index of the value weight · input of a weight, which is linear in the weight. `None` for
    /// other parameters, and for weights that are standardised or divided by their spectral norm.
    #[must_use]
    pub fn product_of(&self, param: usize) -> Option<usize> {
        let is_scaled = |node: &Node| node.op.passes().divisor() == Some(param);
        let is_free = !self.standardised.contains(&param) && !self.nodes.iter().any(is_scaled);
        let is_product = |node: &Node| node.op.passes().multiplier() == Some(param);
        let node = self.nodes.iter().position(is_product);
        node.filter(|_| is_free).map(|node| node + 1)
    }
}

impl Objective {
    /// The variance of each value over the batch, positions and features, the batch itself first,
    /// at `params` (flat `[N]`) and `buffers`. Normalizations use the statistics of the batch.
    pub fn variances(
        &self,
        params: &Tensor,
        buffers: &[Tensor],
        batch: &Batch,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Vec<f64>, Halt> {
        let effective = EffectiveParams::of(&self.program, self.split(params)?)?;
        let at = self.state(&effective.params, buffers, Mode::Training)?;
        let mut all = vec![[0.0; 3]; self.program.shapes().len()];
        self.threads_for(batch, 1)?.in_waves(
            &self.chunks(batch, Mode::Training)?,
            is_interrupted,
            |range, interrupt| {
                let values = forward(&self.program, at, &cut(batch, range)?, interrupt)?;
                Ok(values.iter().map(sums).collect::<candle_core::Result<Vec<Sums>>>()?)
            },
            |found| {
                for (sum, term) in all.iter_mut().zip(found) {
                    *sum = std::array::from_fn(|i| sum[i] + term[i]);
                }
                Ok(())
            },
        )?;
        let variance = |[n, sum, squares]: &Sums| (squares / n - (sum / n) * (sum / n)).max(0.0);
        Ok(all.iter().map(variance).collect())
    }
}

fn sums(value: &Tensor) -> candle_core::Result<Sums> {
    let numbers = widen(&value.contiguous()?)?;
    let squares = numbers.iter().map(|x| x * x).sum();
    Ok([numbers.len() as f64, numbers.iter().sum(), squares])
}
