//! The runs of a figure.

use crate::history::Run;

/// A run in a figure. The last one that is not a ghost is the current run.
#[derive(Clone, Debug)]
pub struct PlottedRun<'a> {
    /// The run.
    pub run: &'a Run,
    /// Whether it is drawn faded and without marks.
    pub is_ghost: bool,
    /// Its legend name.
    pub name: String,
}
