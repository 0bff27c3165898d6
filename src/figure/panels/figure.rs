//! A figure: all that is needed to draw a picture of runs.

use crate::figure::axes::Axis;

use super::marks::Mark;
use super::panel::Panel;

/// Panels above each other over one horizontal axis; all horizontal coordinates are places on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Panels, top to bottom.
    pub panels: Vec<Panel>,
    /// Title above the panels.
    pub title: Option<String>,
    /// Caption below the panels, in small print.
    pub caption: Option<String>,
    /// Setting changes of the current run, in order of step.
    pub marks: Vec<Mark>,
    /// The horizontal axis.
    pub axis: Axis,
    /// Places of step 0 and of the newest step of the current run and its seed group.
    pub extent: [f64; 2],
    /// Place of the newest step of all runs, so of ghosts that are longer than the extent.
    pub longest_end: f64,
    /// Width of the narrowest range that can be shown: a few steps.
    pub least_width: f64,
    /// The requested visible range; `None` for whole runs.
    pub visible: Option<[f64; 2]>,
    /// Place of the pointer, at which lines have readings; `None` without a pointer.
    pub hovered: Option<f64>,
}
