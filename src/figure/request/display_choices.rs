//! Display choices of the user: scales, ratio, smoothing, merged seeds, outliers.

use std::collections::{BTreeMap, BTreeSet};

use crate::figure::axes::ScaleKind;
use crate::figure::panels::PanelKind;

/// Offered lengths of a running mean in steps, from none.
pub const SMOOTHINGS: [u32; 4] = [1, 10, 50, 200];

/// Choices that apply to pictures on screen and in files alike.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent choices")]
pub struct Choices {
    /// Scales that differ from a panel's default.
    pub scales: BTreeMap<PanelKind, ScaleKind>,
    /// Whether eigenvalues are divided by the limit that binds at their step; 1 is then the edge.
    pub is_ratio: bool,
    /// Steps in the running mean of loss, gradient norm and eigenvalues; 1 is no smoothing.
    pub smoothing: u32,
    /// Whether runs that differ only by seed are merged: drawn as median and range.
    pub is_over_seeds: bool,
    /// Panels whose fitted range includes every value, however far out.
    pub all_values: BTreeSet<PanelKind>,
}

impl Default for Choices {
    /// Unsmoothed values, default scales, and outliers out of range.
    fn default() -> Self {
        Self {
            scales: BTreeMap::new(),
            is_ratio: false,
            smoothing: SMOOTHINGS[0],
            is_over_seeds: false,
            all_values: BTreeSet::new(),
        }
    }
}
