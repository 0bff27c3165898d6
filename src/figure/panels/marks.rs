//! What stands in a picture at certain steps: changes of settings, and clipped stretches.
//! Does not find them.

/// A change of settings, drawn as a vertical line.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// First step with the new value.
    pub step: u64,
    /// Where that is on the horizontal axis.
    pub place: f64,
    /// What, from, to.
    pub sentence: String,
}

/// Neighbouring steps and how many of them were clipped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Where it begins and ends on the horizontal axis.
    pub steps: [f64; 2],
    /// Fraction of its steps with a clip scale below 1, in 0..=1.
    pub fraction: f64,
}
