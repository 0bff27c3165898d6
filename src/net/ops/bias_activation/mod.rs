//! Bias and activation in one op: y = φ(x + b).

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::config::Activation;
use crate::net::dispatch::dispatch;
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};

use kernel::Swept;

dispatch! {
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
    /// Parameter of shape `[features]`; `None` is the constant 0.
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

    /// Saves φ′ and φ″ at x + b; only the output for tanh and relu, and nothing if φ is linear.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let x = at.input(0);
        if self.activation == Activation::Relu {
            let value = relu(x, self.bias.map(|bias| at.param(bias)))?;
            return Ok(Forward::of(value.clone(), Saved::of([value])));
        }
        let bias = self.bias(at.state.params, &x.dims()[1..], x)?;
        if self.activation == Activation::Linear {
            return Ok(Forward::of(add_row(x, &bias)?, Saved::none()));
        }
        if self.activation == Activation::Tanh {
            let value = tanh(x, &bias)?;
            return Ok(Forward::of(value.clone(), Saved::of([value])));
        }
        let swept = bias_activation(x, &bias, self.activation)?;
        Ok(Forward::of(swept.value, Saved::of([swept.slope, swept.bend])))
    }

    /// Saves φ″·g in place of φ″; for tanh, ∂L/∂x in addition to the output.
    fn backward(&self, at: Primal<'_>, saved: &mut Saved, g: &Tensor) -> Result<Gradients> {
        if self.is_piecewise_linear() {
            return self.backward_piecewise_linear(at, saved, g);
        }
        if self.activation == Activation::Tanh {
            let [value] = saved.all()?;
            let (dz, db) = tanh_backward(g, value)?;
            *saved = Saved::of([value.clone(), dz.clone()]);
            return Ok(self.gradients(at, dz, Some(db)));
        }
        let [slope, bend] = saved.all()?;
        let (dz, curved, db) = bias_activation_backward(g, slope, bend)?;
        *saved = Saved::of([slope.clone(), curved]);
        Ok(self.gradients(at, dz, Some(db)))
    }

    /// Saves the tangent of x + b if φ″ ≠ 0; tanh recomputes it.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, saved: &Saved) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        if self.is_piecewise_linear() {
            let sum = match self.bias {
                Some(bias) => {
                    let db = along.param(bias).flatten_all()?;
                    add_row(&dx.flatten_from(1)?, &db)?.reshape(dx.shape())?
                }
                None => dx,
            };
            return Ok(Tangent { value: self.times_slope(&sum, saved)?, saved: Saved::none() });
        }
        let db = self.bias(along.params, &dx.dims()[1..], &dx)?;
        let [slope, _] = saved.all()?;
        if self.activation == Activation::Tanh {
            let value = tanh_tangent(&dx, &db, slope)?;
            return Ok(Tangent { value, saved: Saved::none() });
        }
        let (dz, value) = bias_activation_tangent(&dx, &db, slope)?;
        Ok(Tangent { value, saved: Saved::of([dz]) })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        saved: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        if self.activation == Activation::Tanh {
            let dx = along.input_or_zeros(0, at.input(0))?;
            let db = self.bias(along.params, &dx.dims()[1..], &dx)?;
            let [value, gradient] = saved.all()?;
            let (ddz, ddb) = tanh_tangent_backward(dg, &dx, &db, value, gradient)?;
            return Ok(self.gradients(at, ddz, Some(ddb)));
        }
        if !self.is_piecewise_linear() {
            let [slope, curved] = saved.all()?;
            let [dz] = along.saved.all()?;
            let (ddz, ddb) = bias_activation_tangent_backward(dg, dz, slope, curved)?;
            return Ok(self.gradients(at, ddz, Some(ddb)));
        }
        self.backward_piecewise_linear(at, saved, dg)
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0], params)
    }
}

impl BiasActivation {
    /// Whether φ is piecewise linear.
    fn is_piecewise_linear(&self) -> bool {
        matches!(self.activation, Activation::Linear | Activation::Relu)
    }

    /// φ′∘v for a piecewise linear φ.
    fn times_slope(&self, v: &Tensor, saved: &Saved) -> Result<Tensor> {
        if self.activation == Activation::Linear {
            return Ok(v.clone());
        }
        let [value] = saved.all()?;
        relu_gate(v, value)
    }

    /// `backward` of a piecewise linear φ for g `[n, d]`, which is also its `tangent_backward` for
    /// dg `[n, k, d]`.
    fn backward_piecewise_linear(
        &self,
        at: Primal<'_>,
        saved: &Saved,
        g: &Tensor,
    ) -> Result<Gradients> {
        let dz = self.times_slope(g, saved)?;
        let sums = |_| sum_rows(&dz.flatten_from(1)?)?.reshape(&dz.dims()[1..]);
        let db = self.bias.map(sums).transpose()?;
        Ok(self.gradients(at, dz, db))
    }

    /// Gradients of x and of b.
    fn gradients(&self, at: Primal<'_>, of_x: Tensor, of_b: Option<Tensor>) -> Gradients {
        Gradients {
            inputs: vec![at.wants_gradient(0).then_some(of_x)],
            params: self.bias.zip(of_b).into_iter().collect(),
        }
    }

    /// The bias, or a block of its directions, from `table`; without a bias, zeros of this shape
    /// with the dtype and device of `like`.
    fn bias(&self, table: &[Tensor], shape: &[usize], like: &Tensor) -> Result<Tensor> {
        match self.bias {
            Some(bias) => Ok(table[bias].clone()),
            None => Tensor::zeros(shape, like.dtype(), like.device()),
        }
    }
}
