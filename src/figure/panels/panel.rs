//! A panel of a figure.

use crate::figure::axes::Scale;
use crate::figure::lines::{Line, Point};

use super::marks::ClippedRange;
use super::panel_kind::PanelKind;

/// A panel: one plot of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Which panel.
    pub kind: PanelKind,
    /// Scale of the vertical axis.
    pub scale: Scale,
    /// Label of the vertical axis, with the unit if there is one.
    pub axis_label: String,
    /// What the fitted range includes.
    pub fit_to: FitTo,
    /// Lines, the most important first, and the current run's before those of ghosts.
    pub lines: Vec<Line>,
    /// A short note for its header.
    pub note: Option<String>,
    /// Why no run has a value here, in a sentence; `None` if one has.
    pub missing: Option<String>,
    /// The newest visible ratio of the curvature to the limit that bound at its step; `None` in
    /// panels of other quantities and where no limit is known.
    pub ratio: Option<Point>,
    /// Step ranges in which the gradient was clipped.
    pub clipped: Vec<ClippedRange>,
    /// The limit that bound the current run, in pieces; the region above is shaded. Empty if no
    /// limit is known.
    pub unstable: Vec<Vec<Point>>,
}

#[cfg(test)]
impl Panel {
    /// A panel with these lines and nothing else.
    pub(crate) fn of_lines(kind: PanelKind, lines: Vec<Line>) -> Self {
        Self {
            kind,
            scale: Scale::Linear,
            axis_label: String::new(),
            fit_to: FitTo::CurrentRun,
            lines,
            note: None,
            missing: None,
            ratio: None,
            clipped: Vec::new(),
            unstable: Vec::new(),
        }
    }
}

/// What the fitted range of a panel includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitTo {
    /// The current run, except values far above its usual level.
    CurrentRun,
    /// All runs, except values and runs far above the usual level of the current one.
    AllRuns,
    /// Every value of every run, however far out.
    AllValues,
}
