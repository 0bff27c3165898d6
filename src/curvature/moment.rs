//! Where and when a measurement is taken.

use super::prediction::Location;

/// The step of a measurement, for its random vectors, and what is known at its iterate.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Step of the iterate.
    pub step: u64,
    /// What the operator is a function of.
    pub location: &'a Location,
    /// Gradient of the same loss at the same iterate.
    pub gradient: &'a [f64],
    /// `u = (w_t − w_{t+1})/η` of the update that follows; `None` where there is none.
    pub update: Option<&'a [f64]>,
}
