//! The layers of a chart: cells, boundaries, points, curves and references.

use super::{Boundary, Class, Grid, Outcome, Spread};

/// A layer of a chart.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// A grid of coloured cells; both axes are categories.
    Cells(Cells),
    /// A boundary of trained cells.
    Boundary(Boundary),
    /// Separate points.
    Points(Points),
    /// Points joined by a line.
    Curve(Curve),
    /// A dashed reference line.
    Reference(Reference),
}

/// Cells of one kind; `None` for those not run.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Outcomes of runs.
    Outcomes(Grid<Option<Outcome>>),
    /// Numbers, shown in the colours of the chart's colour bar.
    Numbers(Grid<Option<f64>>),
}

/// A layer of points of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// Their name in the legend.
    pub name: String,
    /// Values [x, y].
    pub places: Vec<[f64; 2]>,
    /// What they show.
    pub class: Class,
    /// Size of their markers, relative to the default.
    pub size: f32,
}

impl Points {
    /// A layer for each outcome among rows ([x, y], outcome); worse outcomes are behind better
    /// ones.
    pub fn by_outcome(rows: impl IntoIterator<Item = ([f64; 2], Outcome)>) -> Vec<Layer> {
        let rows: Vec<_> = rows.into_iter().collect();
        let of = |outcome: Outcome| {
            let has_it = |row: &&([f64; 2], Outcome)| row.1 == outcome;
            let places: Vec<_> = rows.iter().filter(has_it).map(|row| row.0).collect();
            let name = outcome.word().to_owned();
            let points = Self { name, places, class: Class::Outcome(outcome), size: 1.0 };
            (!points.places.is_empty()).then_some(Layer::Points(points))
        };
        Outcome::ALL.into_iter().rev().filter_map(of).collect()
    }
}

/// A line through points, optionally with a band.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Its legend text.
    pub name: String,
    /// Values [x, y] in order along the line; one without a place leaves a gap.
    pub points: Vec<[f64; 2]>,
    /// Lower and upper edge of the band at each point; empty without a band.
    pub band: Vec<[f64; 2]>,
    /// What it shows, which determines its colour, dashes and marker.
    pub class: Class,
}

impl Curve {
    /// A curve of the median over rows (x, y) at each x, with a band between two quantiles in
    /// 0..=1. NaN is taken as ∞; the band has a gap where its upper edge is infinite.
    pub fn over_seeds(
        name: &str,
        class: Class,
        rows: impl IntoIterator<Item = (f64, f64)>,
        quantiles: [f64; 2],
    ) -> Self {
        let grid = Grid::gather(rows.into_iter().map(|(x, y)| ([x, 0.0], y)));
        let spreads: Vec<_> = grid
            .iter()
            .filter_map(|(column, _, ys)| {
                Some((*grid.xs().get(column)?, Spread::of(ys, quantiles)?))
            })
            .collect();
        Self {
            name: name.to_owned(),
            points: spreads.iter().map(|(x, spread)| [*x, spread.median]).collect(),
            band: spreads
                .iter()
                .map(
                    |(_, Spread { low, high, .. })| {
                        if high.is_finite() { [*low, *high] } else { [f64::NAN; 2] }
                    },
                )
                .collect(),
            class,
        }
    }
}

/// A dashed line for comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Its name in the legend, such as `2/η`.
    pub name: String,
    /// Values [x, y].
    pub points: Vec<[f64; 2]>,
}

impl Reference {
    /// A function over a range of positive x, sampled at evenly spaced logarithms.
    pub fn over_logs(name: &str, [from, to]: [f64; 2], function: impl Fn(f64) -> f64) -> Self {
        const N: u32 = 100;
        let x = |i: u32| from * (to / from).powf(f64::from(i) / f64::from(N));
        let points = (0..=N).map(x).map(|x| [x, function(x)]).collect();
        Self { name: name.to_owned(), points }
    }

    /// A horizontal line.
    #[must_use]
    pub fn level(name: &str, [from, to]: [f64; 2], y: f64) -> Self {
        Self { name: name.to_owned(), points: vec![[from, y], [to, y]] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_sorted_by_outcome() {
        let rows = [([1.0, 2.0], Outcome::DIVERGED), ([3.0, 4.0], Outcome::Trained)];
        let layers = Points::by_outcome(rows);
        let name = |layer: &Layer| {
            let Layer::Points(points) = layer else { return None };
            Some((points.name.clone(), points.places.clone()))
        };
        let names: Vec<_> = layers.iter().map(name).collect();
        let wanted = [("diverged", [1.0, 2.0]), ("trained", [3.0, 4.0])];
        assert_eq!(names, wanted.map(|(name, at)| Some((name.to_owned(), vec![at]))));
    }

    #[test]
    fn a_curve_over_seeds_is_their_median_with_their_range() {
        let rows = [(0.2, 5.0), (0.1, 1.0), (0.1, 3.0), (0.1, 2.0), (0.2, f64::NAN), (0.2, 7.0)];
        let curve = Curve::over_seeds("plain", Class::Series(0), rows, [0.0, 1.0]);
        assert_eq!(curve.points, [[0.1, 2.0], [0.2, 7.0]]);
        assert_eq!(curve.band[0], [1.0, 3.0]);
        assert!(curve.band[1].iter().all(|edge| edge.is_nan()));
    }

    #[test]
    fn a_reference_goes_from_end_to_end() {
        let line = Reference::over_logs("2/η", [0.1, 10.0], |rate| 2.0 / rate);
        assert_eq!(line.points.len(), 101);
        assert!((line.points[50][0] - 1.0).abs() < 1e-12);
        assert!((line.points[100][1] - 0.2).abs() < 1e-12);
    }
}
