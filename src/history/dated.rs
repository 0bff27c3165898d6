//! A number with the step it was measured at: the only form in which the last values of a run are
//! told. Does not know what the number means.

/// What was measured, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dated {
    /// The value, finite or not.
    pub value: f64,
    /// The step it was measured at.
    pub step: u64,
}
