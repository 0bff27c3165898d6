//! What a person chose to see of the runs: axes, ratio, smoothing, seeds together, outliers.
//! Does not carry any of it out.

use std::collections::{BTreeMap, BTreeSet};

use crate::figure::axes::ScaleKind;
use crate::figure::panels::PanelKind;

/// Steps that a smoothed curve may be the mean over; the first is none.
pub const SMOOTHINGS: [u32; 4] = [1, 10, 50, 200];

/// Choices that change what a picture shows, the same on screen and in files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Choices {
    /// Axes that differ from the usual ones.
    pub scales: BTreeMap<PanelKind, ScaleKind>,
    /// Whether eigenvalues are divided by the limit that binds at their step, so that 1 is the
    /// edge.
    pub is_ratio: bool,
    /// Steps that loss, gradient norm and eigenvalues are averaged over; 1 leaves them as they are.
    pub smoothing: u32,
    /// Whether runs that differ by their seed only are drawn as one: median and range.
    pub is_over_seeds: bool,
    /// Panels whose fitted range takes in every value, however far out.
    pub whole: BTreeSet<PanelKind>,
}

impl Default for Choices {
    /// The values as they are, each panel on its usual axis, runaways outside the range.
    fn default() -> Self {
        Self {
            scales: BTreeMap::new(),
            is_ratio: false,
            smoothing: SMOOTHINGS[0],
            is_over_seeds: false,
            whole: BTreeSet::new(),
        }
    }
}
