//! The interface of an update rule: direction, stability limit and state.

use candle_core::{Result, Tensor};

use super::limit::Edge;
use crate::config::LiveSettings;

/// An update rule with its state. `Default` is the initial state.
pub(super) trait UpdateRule {
    /// Updates the state with the gradient g, shape `[N]`, and returns the negative of the update
    /// direction: the step is −η times it.
    ///
    /// # Errors
    /// The gradient's shape or dtype differs from earlier steps.
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill>;

    /// The stability limit with these settings (arXiv 2103.00065, 2207.14484).
    ///
    /// Along an eigenvector with eigenvalue λ, a rule is a linear recurrence in (w, m). At the
    /// limit, a root of its characteristic polynomial z² − tr·z + det leaves the unit circle at z =
    /// −1.
    fn edge(&self, live: &LiveSettings) -> Edge;

    /// The entries of its state, by name. A state with numbers has vectors too.
    fn state(&mut self) -> Vec<(&'static str, StateEntry<'_>)> {
        Vec::new()
    }

    /// A displacement from the weights, shape `[N]`, at which to evaluate the gradient again;
    /// `None` if the gradient at the weights is used.
    ///
    /// # Errors
    /// A tensor operation failed.
    fn ascent(&self, _gradient: &Tensor, _live: &LiveSettings) -> Result<Option<Tensor>> {
        Ok(None)
    }

    /// The factor on the last gradient; `None` if the rule has none.
    fn torque(&self) -> Option<f64> {
        None
    }
}

/// The negative of an update direction.
pub(super) struct Uphill {
    /// Shape `[N]`, without η and decoupled weight decay.
    pub(super) direction: Tensor,
    /// P, shape `[N]`, by which the direction was divided; `None` if the rule has no
    /// preconditioner.
    pub(super) preconditioner: Option<Tensor>,
}

impl From<Tensor> for Uphill {
    fn from(direction: Tensor) -> Self {
        Self { direction, preconditioner: None }
    }
}

/// One entry of a rule's state.
pub(super) enum StateEntry<'a> {
    /// One element per parameter, shape `[N]`, in the gradient's dtype; `None` before the first
    /// step.
    Vector(&'a mut Option<Tensor>),
    /// One number.
    Number(&'a mut f64),
}
