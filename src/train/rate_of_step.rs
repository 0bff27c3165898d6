//! The learning rate of a step, from the rate rule on the step's own batch.

use candle_core::Tensor;

use super::measure::Hooks;
use super::trainer::Trainer;
use crate::net::{Halt, Linearization, widen};
use crate::optim::rate::{Line, Rates};

impl Trainer {
    /// Learning rate η of the update ηp along `direction` (p, shape `[N]`) from the iterate of
    /// `at`, and the next state of the rate rule.
    pub(super) fn decide_rate(
        &self,
        at: &Linearization,
        direction: &Tensor,
        hooks: Hooks<'_>,
    ) -> Result<(f64, Rates), Halt> {
        let mut rates = self.rates;
        let mut line = Line {
            loss: at.score().loss,
            slope_and_curvature: &mut || slope_and_curvature(at, direction, hooks),
            loss_at: &mut |rate| self.loss_along(at, direction, rate, hooks),
        };
        let rate = rates.decide(&self.live, self.step, &mut line)?;
        Ok((rate, rates))
    }

    /// L(w + ηp) on the batch of `at`, by a forward pass in training mode.
    pub(super) fn loss_along(
        &self,
        at: &Linearization,
        direction: &Tensor,
        rate: f64,
        hooks: Hooks<'_>,
    ) -> Result<f64, Halt> {
        let there = (&self.params + (direction * rate)?)?;
        let (objective, is_interrupted) = (&self.objective, hooks.is_interrupted);
        Ok(objective.score_in_training(&there, &self.buffers, at.batch(), is_interrupted)?.loss)
    }
}

/// gᵀp and pᵀHp.
fn slope_and_curvature(
    at: &Linearization,
    direction: &Tensor,
    hooks: Hooks<'_>,
) -> Result<[f64; 2], Halt> {
    let product = widen(&at.hvp(&direction.unsqueeze(0)?, hooks.is_interrupted)?)?;
    let p = widen(direction)?;
    let along = |v: &[f64]| v.iter().zip(&p).map(|(v, p)| v * p).sum::<f64>();
    Ok([along(&at.wide_gradient()?), along(&product)])
}
