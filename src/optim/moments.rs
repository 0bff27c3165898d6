//! Running averages and preconditioners shared by update rules.

use candle_core::{Result, Tensor};

use super::rule::StateEntry;
use crate::config::LiveSettings;

/// m, a running sum or mean of gradients, initially 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Momentum(Option<Tensor>);

impl Momentum {
    /// m ← βm + c·g, with c = `part`; returns m.
    pub(super) fn update(&mut self, gradient: &Tensor, beta: f64, part: f64) -> Result<Tensor> {
        let more = if part == 1.0 { gradient.clone() } else { (gradient * part)? };
        let m = match &self.0 {
            Some(m) => ((m * beta)? + more)?,
            None => more,
        };
        self.0 = Some(m.clone());
        Ok(m)
    }

    /// cos(m, g); 0 if m or g is 0.
    pub(super) fn cosine(&self, gradient: &Tensor) -> Result<f64> {
        let Some(m) = &self.0 else { return Ok(0.0) };
        let lengths = dot(m, m)?.sqrt() * dot(gradient, gradient)?.sqrt();
        Ok(if lengths > 0.0 { dot(m, gradient)? / lengths } else { 0.0 })
    }

    pub(super) fn state(&mut self) -> (&'static str, StateEntry<'_>) {
        ("momentum", StateEntry::Vector(&mut self.0))
    }
}

/// v, a running mean of squared gradients, initially 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Squares(Option<Tensor>);

impl Squares {
    /// Sets v = g² before the first update; does nothing afterwards.
    pub(super) fn start_at(&mut self, gradient: &Tensor) -> Result<()> {
        if self.0.is_none() {
            self.0 = Some(gradient.sqr()?);
        }
        Ok(())
    }

    /// v ← β₂v + (1−β₂)g²; returns v.
    pub(super) fn update(&mut self, gradient: &Tensor, beta2: f64) -> Result<Tensor> {
        let more = (gradient.sqr()? * (1.0 - beta2))?;
        let v = match &self.0 {
            Some(v) => ((v * beta2)? + more)?,
            None => more,
        };
        self.0 = Some(v.clone());
        Ok(v)
    }

    pub(super) fn state(&mut self) -> (&'static str, StateEntry<'_>) {
        ("squares", StateEntry::Vector(&mut self.0))
    }
}

/// The preconditioner P of the last step, which can be frozen.
#[derive(Clone, Debug, Default)]
pub(super) struct Preconditioner(Option<Tensor>);

impl Preconditioner {
    /// P of this step, or the last step's P if it is frozen.
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

    pub(super) fn state(&mut self) -> (&'static str, StateEntry<'_>) {
        ("preconditioner", StateEntry::Vector(&mut self.0))
    }
}

/// βᵗ, as the product of every step's β, since β may change during a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Power(pub(super) f64);

impl Default for Power {
    fn default() -> Self {
        Self(1.0)
    }
}

/// ℓg/‖g‖, shape `[N]`; 0 if g is 0.
pub(super) fn with_norm(gradient: &Tensor, length: f64) -> Result<Tensor> {
    let norm = dot(gradient, gradient)?.sqrt();
    gradient * if norm > 0.0 { length / norm } else { 0.0 }
}

/// Inner product, accumulated in f64.
fn dot(a: &Tensor, b: &Tensor) -> Result<f64> {
    let wide = |t: &Tensor| t.to_dtype(candle_core::DType::F64);
    (wide(a)? * wide(b)?)?.sum_all()?.to_scalar()
}
