//! A picture as it is handed to whoever draws it.
//! Knows no colour or pixel.

use crate::figure::axes::Axis;

use super::marks::Mark;
use super::panel::Panel;

/// A picture: panels above each other over one horizontal axis, on which everything has its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Panels, top to bottom.
    pub panels: Vec<Panel>,
    /// Line above the panels.
    pub title: Option<String>,
    /// Small print below the panels.
    pub caption: Option<String>,
    /// Changes of the current run, in order of step.
    pub marks: Vec<Mark>,
    /// The horizontal axis.
    pub axis: Axis,
    /// From the first to the newest step of all runs.
    pub extent: [f64; 2],
    /// The newest step of all runs: longer ghosts go on beyond the extent.
    pub reach: f64,
    /// What was asked to be in view; `None` is the whole run.
    pub visible: Option<[f64; 2]>,
    /// Where the readings of lines are from; `None` where there are none.
    pub hovered: Option<f64>,
}
