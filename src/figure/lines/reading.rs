//! The value of a series at the step under the pointer.

use crate::history::{Run, Series};

/// A value at the step under the pointer, or the last one measured before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The step with this value.
    pub step: u64,
    /// Its place on the horizontal axis.
    pub place: f64,
    /// The value, which may be infinite or NaN.
    pub value: f64,
    /// Whether it was measured exactly at the step under the pointer.
    pub is_exact: bool,
}

/// The step nearest to a place on the step axis; `None` left of step 0.
#[must_use]
pub(in crate::figure) fn step_near(x: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a step on an axis, and the cast saturates"
    )]
    let step = x.round() as u64;
    (x > -0.5).then_some(step)
}

/// The value of a series of the run at a step, or the last one before; `None` before the first
/// value and after the run's newest step.
pub(in crate::figure) fn reading(run: &Run, series: &Series, step: u64) -> Option<Reading> {
    let newest = run.last()?.sample.step;
    let (at, value) = series.at_or_before(step).filter(|_| step <= newest)?;
    Some(Reading { step: at, place: at as f64, value, is_exact: at == step })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_on_the_axis_belong_to_the_nearest_step() {
        let found = [-3.0, -0.6, -0.4, 0.4, 7.5, f64::NAN].map(step_near);
        assert_eq!(found, [None, None, Some(0), Some(0), Some(8), None]);
    }
}
