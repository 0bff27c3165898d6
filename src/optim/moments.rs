//! The running averages that update rules carry from step to step.
//! Does not know how a rule combines them into an update.

use candle_core::{Result, Tensor};

/// What a rule has gathered so far.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    /// m, shape `[N]`, in the gradient's dtype; `None` stands for 0.
    pub(super) first: Option<Tensor>,
    /// v, shape `[N]`; `None` stands for 0, or for what the rule starts it with.
    pub(super) second: Option<Tensor>,
    /// P of the last step, shape `[N]`.
    pub(super) preconditioner: Option<Tensor>,
    /// β₁ᵗ, as the product of the β₁ of all steps, so that a changed β₁ is accounted for.
    pub(super) first_left: f64,
    /// β₂ᵗ likewise.
    pub(super) second_left: f64,
    /// s of torque-aware momentum, the running mean of cos(m, g).
    pub(super) torque: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            first: None,
            second: None,
            preconditioner: None,
            first_left: 1.0,
            second_left: 1.0,
            torque: 0.0,
        }
    }
}

impl Moments {
    /// m ← βm + c·g.
    pub(super) fn gather(&mut self, gradient: &Tensor, beta: f64, part: f64) -> Result<Tensor> {
        let more = if part == 1.0 { gradient.clone() } else { (gradient * part)? };
        let m = match &self.first {
            Some(m) => ((m * beta)? + more)?,
            None => more,
        };
        self.first = Some(m.clone());
        Ok(m)
    }

    /// v ← β₂v + (1−β₂)g², from v = `start` before the first step.
    pub(super) fn gather_squares(
        &mut self,
        gradient: &Tensor,
        beta2: f64,
        start: Option<Tensor>,
    ) -> Result<Tensor> {
        let squares = gradient.sqr()?;
        let more = (&squares * (1.0 - beta2))?;
        let v = match self.second.take().or(start) {
            Some(v) => ((v * beta2)? + more)?,
            None => more,
        };
        self.second = Some(v.clone());
        self.second_left *= beta2;
        Ok(v)
    }

    /// d = (1 + s)/2 after s ← γs + (1−γ)·cos(m, g); the cosine is 0 while m or g is.
    pub(super) fn turn(&mut self, gradient: &Tensor, gamma: f64) -> Result<f64> {
        let cosine = match &self.first {
            Some(m) => {
                let lengths = dot(m, m)?.sqrt() * dot(gradient, gradient)?.sqrt();
                if lengths > 0.0 { dot(m, gradient)? / lengths } else { 0.0 }
            }
            None => 0.0,
        };
        self.torque = gamma * self.torque + (1.0 - gamma) * cosine;
        Ok(self.torque_factor())
    }

    /// d = (1 + s)/2.
    pub(super) fn torque_factor(&self) -> f64 {
        f64::midpoint(1.0, self.torque)
    }
}

/// Inner product, accumulated in f64.
pub(super) fn dot(a: &Tensor, b: &Tensor) -> Result<f64> {
    let wide = |t: &Tensor| t.to_dtype(candle_core::DType::F64);
    (wide(a)? * wide(b)?)?.sum_all()?.to_scalar()
}
