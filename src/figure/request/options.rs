//! Options of a figure, besides its runs.

use std::collections::BTreeMap;

use crate::figure::axes::Axis;
use crate::figure::panels::{FitTo, PanelKind};
use crate::protocol::RunId;

use super::display_choices::Choices;

/// What a figure shows of its runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// What the user chose to display.
    pub choices: Choices,
    /// The panels to compose, in any order; the preconditioned one is left out where it applies to
    /// no run.
    pub panels: Vec<PanelKind>,
    /// Place of the pointer, at which lines get readings.
    pub hovered: Option<f64>,
    /// Whether the smallest eigenvalue is drawn.
    pub is_smallest_shown: bool,
    /// The horizontal axis.
    pub axis: Axis,
    /// First and last visible place on that axis; the whole run if `None`.
    pub visible: Option<[f64; 2]>,
    /// What fitted ranges include, unless [`Choices::all_values`] includes all values.
    pub fit_to: FitTo,
    /// Buckets in the visible range; lines keep one minimum and one maximum per bucket. For print,
    /// at least one per pixel.
    pub n_buckets: usize,
    /// Style indices that ghosts have for good; the others are numbered in their order.
    pub styles: BTreeMap<RunId, usize>,
    /// Title above all panels.
    pub title: Option<String>,
    /// Caption below all panels, usually the settings.
    pub caption: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            choices: Choices::default(),
            panels: PanelKind::usual(),
            hovered: None,
            is_smallest_shown: false,
            axis: Axis::Step,
            visible: None,
            fit_to: FitTo::CurrentRun,
            n_buckets: 800,
            styles: BTreeMap::new(),
            title: None,
            caption: None,
        }
    }
}
