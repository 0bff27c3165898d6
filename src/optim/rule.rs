//! What every update rule offers: its direction, its limit, and what it keeps from step to step.
//! Knows no rule by name.

use candle_core::{Result, Tensor};

use super::limit::Edge;
use crate::config::LiveSettings;

/// The mathematics of an update rule, with what it has gathered. Its `Default` is the start.
pub(super) trait UpdateRule {
    /// Gathers the gradient g, shape `[N]`, and gives where its update comes from: the opposite of
    /// this, times η, is the step.
    ///
    /// # Errors
    /// A gradient whose shape or dtype is not that of the steps before.
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill>;

    /// The edge of stability with these constants (arXiv 2103.00065, 2207.14484).
    ///
    /// On the eigenvector of λ a rule is a linear recurrence in (w, m); its limit is where a root of
    /// the characteristic polynomial z² − tr·z + det leaves the unit circle at z = −1.
    fn edge(&self, live: &LiveSettings) -> Edge;

    /// All that it keeps, by name. Numbers are stored with vectors, not alone.
    fn kept(&mut self) -> Vec<(&'static str, Kept<'_>)> {
        Vec::new()
    }

    /// A step from the weights, shape `[N]`, after which the gradient is to be taken again; `None`
    /// where the one at the weights serves.
    ///
    /// # Errors
    /// When memory runs out.
    fn ascent(&self, _gradient: &Tensor, _live: &LiveSettings) -> Result<Option<Tensor>> {
        Ok(None)
    }

    /// The factor on the last gradient; `None` where the rule has none.
    fn torque(&self) -> Option<f64> {
        None
    }
}

/// The opposite of an update.
pub(super) struct Uphill {
    /// Shape `[N]`, without η and decoupled weight decay.
    pub(super) direction: Tensor,
    /// P, shape `[N]`, that the direction was divided by; `None` where the rule has none.
    pub(super) preconditioner: Option<Tensor>,
}

impl From<Tensor> for Uphill {
    fn from(direction: Tensor) -> Self {
        Self { direction, preconditioner: None }
    }
}

/// One thing that a rule keeps from step to step.
pub(super) enum Kept<'a> {
    /// A number for each parameter, shape `[N]`, in the gradient's dtype; `None` before the first
    /// step.
    Vector(&'a mut Option<Tensor>),
    /// One number.
    Number(&'a mut f64),
}
