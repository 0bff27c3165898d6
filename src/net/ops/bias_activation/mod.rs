//! Bias and activation in one op, y = φ(x + b), the same at every position.
//! Does not know what made x.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::config::Activation;
use crate::net::passes::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::twins::twins;

use kernel::Swept;

twins! {
    fn relu(z: &Tensor, bias: Option<&Tensor>) -> Tensor;
    fn relu_gate(v: &Tensor, a: &Tensor) -> Tensor;
    fn tanh(z: &Tensor, bias: &Tensor) -> Tensor;
    fn tanh_backward(g: &Tensor, a: &Tensor) -> (Tensor, Tensor);
    fn tanh_tangent(dz: &Tensor, db: &Tensor, a: &Tensor) -> Tensor;
    fn tanh_tangent_backward(dg: &Tensor, dz: &Tensor, db: &Tensor, a: &Tensor, gz: &Tensor) -> (Tensor, Tensor);
    fn bias_activation(z: &Tensor, bias: &Tensor, activation: Activation) -> Swept;
    fn bias_activation_backward(g: &Tensor, slope: &Tensor, bend: &Tensor) -> (Tensor, Tensor, Tensor);
    fn bias_activation_tangent(dz: &Tensor, db: &Tensor, slope: &Tensor) -> (Tensor, Tensor);
    fn bias_activation_tangent_backward(dg: &Tensor, dz: &Tensor, slope: &Tensor, curved: &Tensor) -> (Tensor, Tensor);
    fn add_row(x: &Tensor, row: &Tensor) -> Tensor;
    fn sum_rows(x: &Tensor) -> Tensor;
}

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

    /// Keeps φ′ and φ″ at x + b; of tanh and of a rectifier its value, and nothing where φ is linear.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let x = at.input(0);
        if self.activation == Activation::Relu {
            let value = relu(x, self.bias.map(|bias| at.param(bias)))?;
            return Ok(Forward::of(value.clone(), Kept::of([value])));
        }
        let bias = self.bias(at.state.params, &x.dims()[1..], x)?;
        if self.activation == Activation::Linear {
            return Ok(Forward::of(add_row(x, &bias)?, Kept::none()));
        }
        if self.activation == Activation::Tanh {
            let value = tanh(x, &bias)?;
            return Ok(Forward::of(value.clone(), Kept::of([value])));
        }
        let swept = bias_activation(x, &bias, self.activation)?;
        Ok(Forward::of(swept.value, Kept::of([swept.slope, swept.bend])))
    }

    /// Keeps φ″·g in the place of φ″, of tanh its own gradient beside the value.
    fn backward(&self, at: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients> {
        if self.is_straight() {
            return self.straight(at, kept, g);
        }
        if self.activation == Activation::Tanh {
            let [value] = kept.all()?;
            let (dz, db) = tanh_backward(g, value)?;
            *kept = Kept::of([value.clone(), dz.clone()]);
            return Ok(self.gradients(at, dz, Some(db)));
        }
        let [slope, bend] = kept.all()?;
        let (dz, curved, db) = bias_activation_backward(g, slope, bend)?;
        *kept = Kept::of([slope.clone(), curved]);
        Ok(self.gradients(at, dz, Some(db)))
    }

    /// Keeps the tangent of x + b where φ is curved; tanh finds it again.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        if self.is_straight() {
            let sum = match self.bias {
                Some(bias) => {
                    let db = along.param(bias).flatten_all()?;
                    add_row(&dx.flatten_from(1)?, &db)?.reshape(dx.shape())?
                }
                None => dx,
            };
            return Ok(Tangent { value: self.through(&sum, kept)?, kept: Kept::none() });
        }
        let db = self.bias(along.params, &dx.dims()[1..], &dx)?;
        let [slope, _] = kept.all()?;
        if self.activation == Activation::Tanh {
            let value = tanh_tangent(&dx, &db, slope)?;
            return Ok(Tangent { value, kept: Kept::none() });
        }
        let (dz, value) = bias_activation_tangent(&dx, &db, slope)?;
        Ok(Tangent { value, kept: Kept::of([dz]) })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        if self.activation == Activation::Tanh {
            let dx = along.input_or_zeros(0, at.input(0))?;
            let db = self.bias(along.params, &dx.dims()[1..], &dx)?;
            let [value, gradient] = kept.all()?;
            let (ddz, ddb) = tanh_tangent_backward(dg, &dx, &db, value, gradient)?;
            return Ok(self.gradients(at, ddz, Some(ddb)));
        }
        if !self.is_straight() {
            let [slope, curved] = kept.all()?;
            let [dz] = along.kept.all()?;
            let (ddz, ddb) = bias_activation_tangent_backward(dg, dz, slope, curved)?;
            return Ok(self.gradients(at, ddz, Some(ddb)));
        }
        self.straight(at, kept, dg)
    }

    #[cfg(test)]
    fn plain(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::plain(*self, inputs[0], params)
    }
}

impl BiasActivation {
    /// Whether φ″ = 0 wherever there is one.
    fn is_straight(&self) -> bool {
        matches!(self.activation, Activation::Linear | Activation::Relu)
    }

    /// φ′ of a straight φ times what is there of its argument, or of its value on the way back.
    fn through(&self, v: &Tensor, kept: &Kept) -> Result<Tensor> {
        if self.activation == Activation::Linear {
            return Ok(v.clone());
        }
        let [value] = kept.all()?;
        relu_gate(v, value)
    }

    /// Both ways back through a straight φ, which are one: of g `[n, d]` and of dg `[n, k, d]`.
    fn straight(&self, at: Primal<'_>, kept: &Kept, g: &Tensor) -> Result<Gradients> {
        let dz = self.through(g, kept)?;
        let sums = |_| sum_rows(&dz.flatten_from(1)?)?.reshape(&dz.dims()[1..]);
        let db = self.bias.map(sums).transpose()?;
        Ok(self.gradients(at, dz, db))
    }

    /// Of x and, where there is one, of b.
    fn gradients(&self, at: Primal<'_>, of_x: Tensor, of_b: Option<Tensor>) -> Gradients {
        Gradients {
            inputs: vec![at.wants_gradient(0).then_some(of_x)],
            params: self.bias.zip(of_b).into_iter().collect(),
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
