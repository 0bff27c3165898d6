//! Marks at certain steps: setting changes, and ranges of clipped steps.

/// A change of settings, drawn as a vertical line.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// First step with the new value.
    pub step: u64,
    /// Place of that step on the horizontal axis.
    pub place: f64,
    /// What changed, from which value to which.
    pub sentence: String,
}

/// A range of steps, and the fraction of them that was clipped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClippedRange {
    /// First and last place on the horizontal axis, or first and last step before conversion.
    pub range: [f64; 2],
    /// Fraction of its steps whose clip scale is below 1, in 0..=1.
    pub fraction: f64,
}
