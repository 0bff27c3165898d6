//! Runs as they take part in a picture.
//! Does not decide which do.

use crate::history::Run;

/// A run and how it takes part in a picture; the last one that is no ghost is the current run.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The run.
    pub run: &'a Run,
    /// Whether it is drawn faded, without markers.
    pub is_ghost: bool,
    /// What to call it in a legend.
    pub name: String,
}
