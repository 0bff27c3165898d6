//! Bias and activation in one op, y = φ(x + b), the same at every position.
//! Does not know what made x.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::config::Activation;
use crate::net::dispatch as fused;

/// y = φ(x + b).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BiasActivation {
    /// Parameter of shape `[features]`; `None` is b = 0, not trained.
    pub bias: Option<usize>,
    /// φ.
    pub activation: Activation,
}

impl Passes for BiasActivation {
    fn params(&self) -> Vec<usize> {
        self.bias.into_iter().collect()
    }

    fn rereads_inputs(&self) -> bool {
        false
    }

    fn rereads_gradient(&self) -> bool {
        false
    }

    /// Keeps φ′ and φ″ at x + b.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let x = at.input(0);
        let bias = self.bias(at.state.params, &x.dims()[1..], x)?;
        let swept = fused::bias_activation(x, &bias, self.activation)?;
        Ok(Forward::of(swept.value, Kept::of([swept.slope, swept.bend])))
    }

    /// Keeps φ″·g in the place of φ″.
    fn backward(&self, _: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let [slope, bend] = kept.all()?;
        let (dz, curved, db) = fused::bias_activation_backward(g, slope, bend)?;
        *kept = Kept::of([slope.clone(), curved]);
        let params = self.bias.map(|bias| (bias, db)).into_iter().collect();
        Ok(Gradients { inputs: vec![Some(dz)], params })
    }

    /// Keeps the tangent of x + b.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent> {
        let [slope, _] = kept.all()?;
        let dx = along.input_or_zeros(0, at.input(0))?;
        let db = self.bias(along.params, &dx.dims()[1..], &dx)?;
        let (dz, value) = fused::bias_activation_tangent(&dx, &db, slope)?;
        Ok(Tangent { value, kept: Kept::of([dz]) })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let [slope, curved] = kept.all()?;
        let [dz] = along.kept.all()?;
        let (ddz, ddb) = fused::bias_activation_tangent_backward(dg, dz, slope, curved)?;
        let params = self.bias.map(|bias| (bias, ddb)).into_iter().collect();
        Ok(Gradients { inputs: vec![Some(ddz)], params })
    }
}

impl BiasActivation {
    /// The bias, or a block of directions of it; zeros of this shape and of the dtype and device
    /// of `like` where there is none.
    fn bias(&self, table: &[Tensor], shape: &[usize], like: &Tensor) -> Result<Tensor> {
        match self.bias {
            Some(bias) => Ok(table[bias].clone()),
            None => Tensor::zeros(shape, like.dtype(), like.device()),
        }
    }
}
