//! The last values of a run, each with its step, and how old that is.
//! Does not keep them: the series do.

use crate::config::Interval;
use crate::quantity::{self, Quantity};

use super::dated::Dated;
use super::run::Run;

impl Run {
    /// The newest value of a quantity; `None` where it was never measured.
    #[must_use]
    pub fn newest(&self, quantity: Quantity) -> Option<Dated> {
        self.series(quantity).last().map(|(step, value)| Dated { value, step })
    }

    /// The newest curvature that the stability threshold is for.
    #[must_use]
    pub fn governing(&self) -> Option<Dated> {
        self.newest(self.governing_quantity())
    }

    /// Steps of the run since a step.
    #[must_use]
    pub fn steps_since(&self, step: u64) -> u64 {
        self.last().map_or(0, |record| record.sample.step.saturating_sub(step))
    }

    /// Whether a curvature measured at this step is older than measurements are apart.
    #[must_use]
    pub fn is_old(&self, step: u64) -> bool {
        let age = self.steps_since(step);
        match self.config().live.probe.every {
            Interval::Every(n) => age > n.get(),
            Interval::Off => age > 0,
        }
    }

    /// Whether the stability threshold is for the Hessian as the optimizer scales it.
    #[must_use]
    pub fn is_preconditioned(&self) -> bool {
        self.config().optimizer.rule.is_adaptive()
            || !self.series(quantity::PRECONDITIONED_SHARPNESS).is_empty()
    }

    /// Symbol of the curvature that the stability threshold is for.
    #[must_use]
    pub fn governing_symbol(&self) -> &'static str {
        self.governing_quantity().symbol()
    }

    /// The quantity that is compared with the limit.
    #[must_use]
    pub fn governing_quantity(&self) -> Quantity {
        if self.is_preconditioned() {
            quantity::PRECONDITIONED_SHARPNESS
        } else {
            quantity::SHARPNESS
        }
    }
}
