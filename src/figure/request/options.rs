//! What a picture is asked to show.
//! Does not carry it out.

use crate::figure::axes::Axis;
use crate::figure::panels::Fitted;

use super::choices::Choices;

/// What to show of the runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Axes, ratio, smoothing and the like.
    pub choices: Choices,
    /// Where the pointer is: every line tells its value there.
    pub hovered: Option<f64>,
    /// Whether the smallest eigenvalue gets a line.
    pub is_smallest_shown: bool,
    /// What runs along the horizontal axis.
    pub axis: Axis,
    /// What is in view of that axis, from and to; `None` is the whole run.
    pub visible: Option<[f64; 2]>,
    /// What the fitted ranges take in, where a person has not chosen otherwise.
    pub fitted: Fitted,
    /// Buckets in view that lines are reduced to; a line goes as far up and down as its values, to
    /// within a bucket. At least one a pixel for print.
    pub n_buckets: usize,
    /// Line above the panels.
    pub title: Option<String>,
    /// Small print below the panels, usually the settings.
    pub caption: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            choices: Choices::default(),
            hovered: None,
            is_smallest_shown: false,
            axis: Axis::Step,
            visible: None,
            fitted: Fitted::Current,
            n_buckets: 800,
            title: None,
            caption: None,
        }
    }
}
