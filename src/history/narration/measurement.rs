//! A certain measurement of the curvature that the limit of a run applies to.

use crate::history::dated::Dated;
use crate::quantity::{self, Quantity};

/// A certain measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measurement {
    pub(super) step: u64,
    /// The curvature that the limit applies to.
    pub(super) curvature: f64,
    /// The curvature over the limit that binds; `None` where no limit is known.
    pub(super) ratio: Option<f64>,
}

impl Measurement {
    /// The measurement of a step, whose quantities are read with this function; `None` if there is
    /// none, or if it did not converge, is in doubt or not finite.
    pub(super) fn of(step: u64, read: impl Fn(Quantity) -> Option<f64>) -> Option<Self> {
        let (curvature, converged) = match read(quantity::PRECONDITIONED_SHARPNESS) {
            Some(curvature) => (curvature, quantity::PRECONDITIONED_SHARPNESS_CONVERGED),
            None => (read(quantity::SHARPNESS)?, quantity::SHARPNESS_CONVERGED),
        };
        let is_converged = read(converged).is_some_and(|flag| flag != 0.0);
        let is_doubted = read(quantity::SHARPNESS_DOUBTED).is_some_and(|flag| flag != 0.0);
        let ratio = read(quantity::BINDING_RATIO);
        let is_finite = curvature.is_finite() && ratio.is_none_or(f64::is_finite);
        let is_certain = is_converged && !is_doubted && is_finite;
        is_certain.then_some(Self { step, curvature, ratio })
    }

    /// The curvature with its step.
    pub(super) fn curvature(self) -> Dated {
        Dated { value: self.curvature, step: self.step }
    }

    /// The ratio with its step, if a limit is known.
    pub(super) fn ratio(self) -> Option<Dated> {
        self.ratio.map(|value| Dated { value, step: self.step })
    }
}
