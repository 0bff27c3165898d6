//! Charts in rows with one legend, such as one quantity at several moments.

use std::num::NonZeroUsize;

use super::key::merged;
use super::{AxisScale, AxisSpec, Chart, Entry};

/// Rows of charts with a common title, legend and caption.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Sheet {
    /// Title above all charts; each also has its own.
    pub title: Option<String>,
    /// Caption below all charts.
    pub caption: Option<String>,
    /// The charts, from left to right and row by row; their own captions and legend positions are
    /// ignored.
    pub charts: Vec<Chart>,
    /// Charts in a row; `None` puts all into one.
    pub n_columns: Option<NonZeroUsize>,
}

impl Sheet {
    /// The entries of the common legend, without duplicates.
    #[must_use]
    pub fn legend(&self) -> Vec<Entry> {
        merged(self.charts.iter().flat_map(Chart::legend).collect())
    }

    /// The sheet with equal ranges on all horizontal and all vertical axes. Axes of categories and
    /// axes with an explicit range are unchanged.
    #[must_use]
    pub fn aligned(self) -> Self {
        self.with_common_range(|chart| &mut chart.x, 0).level()
    }

    /// The sheet with equal ranges on the vertical axes only, as in [`Self::aligned`].
    #[must_use]
    pub fn level(self) -> Self {
        self.with_common_range(|chart| &mut chart.y, 1)
    }

    fn with_common_range(mut self, axis: impl Fn(&mut Chart) -> &mut AxisSpec, i: usize) -> Self {
        let ends = self.charts.iter().map(|chart| chart.ranges()[i]);
        let all = ends.reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]).unwrap_or([0.0, 1.0]);
        for chart in &mut self.charts {
            let axis = axis(chart);
            if axis.range.is_none() {
                axis.range = values(axis, all);
            }
        }
        self
    }
}

fn values(axis: &AxisSpec, places: [f64; 2]) -> Option<[f64; 2]> {
    match axis.scale {
        AxisScale::Linear => Some(places),
        AxisScale::Log => Some(places.map(|place| 10f64.powf(place))),
        AxisScale::Categories(_) | AxisScale::Named(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::chart::{Outcome, Points};

    #[test]
    fn aligned_charts_have_the_same_range_and_one_legend() {
        let chart = |y: f64, outcome| Chart {
            x: AxisSpec::log("η"),
            y: AxisSpec::linear("λ₁"),
            layers: Points::by_outcome([([1.0, 0.0], outcome), ([10.0, y], outcome)]),
            ..Chart::default()
        };
        let charts = vec![chart(5.0, Outcome::DIVERGED), chart(20.0, Outcome::Trained)];
        let sheet = Sheet { charts, ..Sheet::default() }.aligned();
        let [a, b] = [sheet.charts[0].ranges(), sheet.charts[1].ranges()];
        assert!((a[0][1] - 1.05).abs() < 1e-12 && a == b, "{a:?} {b:?}");
        assert_eq!(a[1], [-1.0, 21.0]);
        let names: Vec<_> = sheet.legend().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["trained", "diverged"]);
    }
}
