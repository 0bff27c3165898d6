//! The step and the point at which a measurement is taken.

use super::prediction::Location;

/// The iterate of a measurement: its step, which selects the random vectors, with the gradient and
/// the update there.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Step of the iterate.
    pub step: u64,
    /// The point that determines the operator.
    pub location: &'a Location,
    /// Gradient of the same loss at the same iterate.
    pub gradient: &'a [f64],
    /// `u = (w_t − w_{t+1})/η` of the update that follows; `None` if the curvature along it is not
    /// measured.
    pub update: Option<&'a [f64]>,
}
