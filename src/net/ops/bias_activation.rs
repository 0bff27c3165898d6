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
    fn label(&self) -> String {
        match (self.bias, self.activation) {
            (Some(_), Activation::Linear) => "bias".to_owned(),
            (Some(_), activation) => format!("bias, {activation}"),
            (None, activation) => activation.to_string(),
        }
    }

    fn params(&self) -> Vec<usize> {
        self.bias.into_iter().collect()
    }

    fn rereads_inputs(&self) -> bool {
        false
    }

    fn rereads_gradient(&self) -> bool {
        false
    }

    /// Keeps φ′ and φ″ at x + b, nothing where φ is linear.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let x = at.input(0);
        let bias = self.bias(at.state.params, &x.dims()[1..], x)?;
        if self.is_linear() {
            return Ok(Forward::of(fused::add_row(x, &bias)?, Kept::none()));
        }
        let swept = fused::bias_activation(x, &bias, self.activation)?;
        Ok(Forward::of(swept.value, Kept::of([swept.slope, swept.bend])))
    }

    /// Keeps φ″·g in the place of φ″.
    fn backward(&self, at: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let (dz, db) = if self.is_linear() {
            (g.clone(), fused::sum_rows(g)?)
        } else {
            let [slope, bend] = kept.all()?;
            let (dz, curved, db) = fused::bias_activation_backward(g, slope, bend)?;
            *kept = Kept::of([slope.clone(), curved]);
            (dz, db)
        };
        Ok(self.gradients(at, dz, db))
    }

    /// Keeps the tangent of x + b where φ is not linear.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        let db = self.bias(along.params, &dx.dims()[1..], &dx)?;
        if self.is_linear() {
            let sum = fused::add_row(&dx.flatten_from(1)?, &db.flatten_all()?)?;
            return Ok(Tangent { value: sum.reshape(dx.shape())?, kept: Kept::none() });
        }
        let [slope, _] = kept.all()?;
        let (dz, value) = fused::bias_activation_tangent(&dx, &db, slope)?;
        Ok(Tangent { value, kept: Kept::of([dz]) })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let (ddz, ddb) = if self.is_linear() {
            (dg.clone(), fused::sum_rows(&dg.flatten_from(1)?)?.reshape(&dg.dims()[1..])?)
        } else {
            let [slope, curved] = kept.all()?;
            let [dz] = along.kept.all()?;
            fused::bias_activation_tangent_backward(dg, dz, slope, curved)?
        };
        Ok(self.gradients(at, ddz, ddb))
    }
}

impl BiasActivation {
    /// Whether φ needs no sweep, so that only sums of b are left.
    fn is_linear(&self) -> bool {
        self.activation == Activation::Linear
    }

    /// Of x and, where there is one, of b.
    fn gradients(&self, at: Primal<'_>, of_x: Tensor, of_b: Tensor) -> Gradients {
        Gradients {
            inputs: vec![at.wants_gradient(0).then_some(of_x)],
            params: self.bias.map(|bias| (bias, of_b)).into_iter().collect(),
        }
    }

    /// The bias, or a block of directions of it; zeros of this shape and of the dtype and device
    /// of `like` where there is none.
    fn bias(&self, table: &[Tensor], shape: &[usize], like: &Tensor) -> Result<Tensor> {
        match self.bias {
            Some(bias) => Ok(table[bias].clone()),
            None => Tensor::zeros(shape, like.dtype(), like.device()),
        }
    }
}
