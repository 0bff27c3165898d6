//! The running averages of which update rules are made.
//! Does not know how a rule combines them into an update.

use candle_core::{Result, Tensor};

use super::rule::Kept;
use crate::config::LiveSettings;

/// m, a running sum or mean of gradients; 0 at the start.
#[derive(Clone, Debug, Default)]
pub(super) struct Momentum(Option<Tensor>);

impl Momentum {
    /// m ← βm + c·g.
    pub(super) fn gather(&mut self, gradient: &Tensor, beta: f64, part: f64) -> Result<Tensor> {
        let more = if part == 1.0 { gradient.clone() } else { (gradient * part)? };
        let m = match &self.0 {
            Some(m) => ((m * beta)? + more)?,
            None => more,
        };
        self.0 = Some(m.clone());
        Ok(m)
    }

    /// cos(m, g); 0 while m or g is.
    pub(super) fn cosine(&self, gradient: &Tensor) -> Result<f64> {
        let Some(m) = &self.0 else { return Ok(0.0) };
        let lengths = dot(m, m)?.sqrt() * dot(gradient, gradient)?.sqrt();
        Ok(if lengths > 0.0 { dot(m, gradient)? / lengths } else { 0.0 })
    }

    pub(super) fn kept(&mut self) -> (&'static str, Kept<'_>) {
        ("momentum", Kept::Vector(&mut self.0))
    }
}

/// v, a running mean of squared gradients; 0 at the start unless said.
#[derive(Clone, Debug, Default)]
pub(super) struct Squares(Option<Tensor>);

impl Squares {
    /// v₀ = g², where nothing is gathered yet.
    pub(super) fn start_at(&mut self, gradient: &Tensor) -> Result<()> {
        if self.0.is_none() {
            self.0 = Some(gradient.sqr()?);
        }
        Ok(())
    }

    /// v ← β₂v + (1−β₂)g².
    pub(super) fn gather(&mut self, gradient: &Tensor, beta2: f64) -> Result<Tensor> {
        let more = (gradient.sqr()? * (1.0 - beta2))?;
        let v = match &self.0 {
            Some(v) => ((v * beta2)? + more)?,
            None => more,
        };
        self.0 = Some(v.clone());
        Ok(v)
    }

    pub(super) fn kept(&mut self) -> (&'static str, Kept<'_>) {
        ("squares", Kept::Vector(&mut self.0))
    }
}

/// P of the last step, which can be held.
#[derive(Clone, Debug, Default)]
pub(super) struct Preconditioner(Option<Tensor>);

impl Preconditioner {
    /// P of this step, or the one of the last where it is frozen.
    pub(super) fn of_step(
        &mut self,
        live: &LiveSettings,
        renewed: impl FnOnce() -> Result<Tensor>,
    ) -> Result<Tensor> {
        let p = match self.0.take().filter(|_| live.freeze) {
            Some(p) => p,
            None => renewed()?,
        };
        self.0 = Some(p.clone());
        Ok(p)
    }

    pub(super) fn kept(&mut self) -> (&'static str, Kept<'_>) {
        ("preconditioner", Kept::Vector(&mut self.0))
    }
}

/// βᵗ, as the product of the β of all steps, so that a changed β is accounted for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Power(pub(super) f64);

impl Default for Power {
    fn default() -> Self {
        Self(1.0)
    }
}

/// ℓg/‖g‖, shape `[N]`; 0 where g is.
pub(super) fn of_length(gradient: &Tensor, length: f64) -> Result<Tensor> {
    let norm = dot(gradient, gradient)?.sqrt();
    gradient * if norm > 0.0 { length / norm } else { 0.0 }
}

/// Inner product, accumulated in f64.
fn dot(a: &Tensor, b: &Tensor) -> Result<f64> {
    let wide = |t: &Tensor| t.to_dtype(candle_core::DType::F64);
    (wide(a)? * wide(b)?)?.sum_all()?.to_scalar()
}
