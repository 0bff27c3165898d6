//! A line: the values of one quantity of one run, with its mean, error band and reading.

use crate::quantity::Quantity;

use super::ghost::Ghost;
use super::look::Look;
use super::reading::Reading;
use super::trace::{Point, Trace};

/// One quantity of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it shows; the lines of one quantity in all runs share a legend entry and a row under
    /// the pointer.
    pub quantity: Quantity,
    /// How it is drawn for the current run.
    pub look: Look,
    /// Short name, for legends and hover labels.
    pub name: String,
    /// The ghost it belongs to; `None` for the current run.
    pub ghost: Option<Ghost>,
    /// Its values, reduced to the drawn points.
    pub trace: Trace,
    /// Its running mean, drawn over the values; empty without smoothing.
    pub smooth: Vec<Vec<Point>>,
    /// Bands around it: its estimated error, or the range over seeds.
    pub bands: Vec<Vec<Extent>>,
    /// The exact last value up to the end of the visible range; only for limits.
    pub end: Option<Point>,
    /// Its value at the pointer; `None` without a pointer or outside the run.
    pub reading: Option<Reading>,
}

/// A step with the lower and upper end of a band.
pub type Extent = [f64; 3];

impl Line {
    /// A line without mean, bands or reading.
    #[must_use]
    pub fn new(
        quantity: Quantity,
        look: Look,
        name: String,
        ghost: Option<Ghost>,
        trace: Trace,
    ) -> Self {
        let (smooth, bands) = (Vec::new(), Vec::new());
        Self { quantity, look, name, ghost, trace, smooth, bands, end: None, reading: None }
    }

    /// Its last value between two places: [`Self::end`] if known, else the last drawn point.
    #[must_use]
    pub fn newest(&self, [first, last]: [f64; 2]) -> Option<Point> {
        let is_within = |point: &Point| (first..=last).contains(&point[0]);
        let drawn = || self.trace.points().filter(is_within).last();
        self.end.filter(is_within).or_else(drawn)
    }
}
