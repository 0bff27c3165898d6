//! A value with the step of its measurement: the only form in which latest values of a run are
//! shown.

/// A measured value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dated {
    /// The value, finite or not.
    pub value: f64,
    /// Step of the measurement.
    pub step: u64,
}
