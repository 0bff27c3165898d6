//! Which rule gives the learning rate, and the rules' own settings.
//! Does not compute a rate.

use serde::{Deserialize, Serialize};

use super::choices::words;

/// What decides the learning rate of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateRule {
    /// Warmup and schedule: a function of the step alone.
    Schedule,
    /// σ times the step to the minimum of the quadratic along the update (arXiv 2407.06183).
    Cdat,
    /// The step along the update that makes the loss smallest, by forward passes.
    LineSearch,
    /// Raised by a factor whenever the loss is below that before the last raise, up to the peak
    /// (persistent catapult warmup, arXiv 2406.09405).
    Catapult,
}
words!(RateRule {
    Schedule => "schedule", Cdat => "cdat", LineSearch => "line-search", Catapult => "catapult",
});

impl RateRule {
    /// Whether the rule reads `live.peak_lr`.
    #[must_use]
    pub const fn has_peak(self) -> bool {
        matches!(self, Self::Schedule | Self::Catapult)
    }

    /// Whether the rule reads the length of warmup and what follows it.
    #[must_use]
    pub const fn has_schedule(self) -> bool {
        matches!(self, Self::Schedule)
    }
}

/// The rule of the learning rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rate {
    /// The rule.
    pub rule: RateRule,
    /// σ of CDAT: 1 is greedy, 2 the edge of stability.
    pub sigma: f64,
    /// Factor by which catapult warmup raises the rate; above 1.
    pub raise: f64,
}

impl Default for Rate {
    fn default() -> Self {
        Self { rule: RateRule::Schedule, sigma: 2.0, raise: 2.0 }
    }
}
