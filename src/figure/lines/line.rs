//! A line: the values of one quantity of one run, with what was derived from them.

use super::ghost::Ghost;
use super::reading::Reading;
use super::role::Role;
use super::trace::{Point, Trace};

/// One quantity of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is, from which its look follows.
    pub role: Role,
    /// Short name, for legends and hover labels.
    pub name: String,
    /// Which run, when that is a ghost.
    pub ghost: Option<Ghost>,
    /// Its values, reduced to what can be seen.
    pub trace: Trace,
    /// Its running mean, where a person wants one: it is drawn over its values.
    pub smooth: Vec<Vec<Point>>,
    /// What lies around it at each step: its estimated error, or the range over seeds.
    pub bands: Vec<Vec<Extent>>,
    /// Its last value up to the end of what is in view, exactly; only of limits.
    pub end: Option<Point>,
    /// Its value under the pointer; `None` without a pointer, or outside its run.
    pub reading: Option<Reading>,
}

/// A step with the lower and the upper end of what lies around a line there.
pub type Extent = [f64; 3];

impl Line {
    /// A line of values alone.
    #[must_use]
    pub fn new(role: Role, name: String, ghost: Option<Ghost>, trace: Trace) -> Self {
        let (smooth, bands) = (Vec::new(), Vec::new());
        Self { role, name, ghost, trace, smooth, bands, end: None, reading: None }
    }

    /// Its last value between two places; to within a bucket where [`Self::end`] is not known.
    #[must_use]
    pub fn newest(&self, [first, last]: [f64; 2]) -> Option<Point> {
        let is_within = |point: &Point| (first..=last).contains(&point[0]);
        let drawn = || self.trace.points().filter(is_within).last();
        self.end.filter(is_within).or_else(drawn)
    }
}
