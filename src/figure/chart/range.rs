//! The ranges of a chart's axes and of its colour bar.

use super::{AxisScale, AxisSpec, Cells, Chart, Layer};

/// Margin at either end of a fitted axis, as a fraction of the data's range.
const MARGIN: f64 = 0.05;

impl Chart {
    /// Places at the ends of both axes, the horizontal one first.
    #[must_use]
    pub fn ranges(&self) -> [[f64; 2]; 2] {
        [self.range(&self.x, 0), self.range(&self.y, 1)]
    }

    fn range(&self, axis: &AxisSpec, i: usize) -> [f64; 2] {
        let n = match &axis.scale {
            AxisScale::Categories(values) => Some(values.len()),
            AxisScale::Named(names) => Some(names.len()),
            AxisScale::Linear | AxisScale::Log => None,
        };
        if let Some(n) = n {
            return [-0.5, n.max(1) as f64 - 0.5];
        }
        if let Some([from, to]) = axis.range
            && let (Ok(from), Ok(to)) = (axis.place(from), axis.place(to))
            && from != to
        {
            return [from, to];
        }
        let mut values = Vec::new();
        for layer in &self.layers {
            match layer {
                Layer::Cells(_) | Layer::Boundary(_) => {}
                Layer::Points(points) => values.extend(points.places.iter().map(|at| at[i])),
                Layer::Reference(line) => values.extend(line.points.iter().map(|at| at[i])),
                Layer::Curve(curve) => {
                    values.extend(curve.points.iter().map(|at| at[i]));
                    if i == 1 {
                        values.extend(curve.band.as_flattened());
                    }
                }
            }
        }
        fitted(values.into_iter().filter_map(|value| axis.place(value).ok()), MARGIN)
    }

    /// Values at the ends of the colour bar; `None` without cells that have a colour.
    #[must_use]
    pub fn colour_range(&self) -> Option<[f64; 2]> {
        let scale = self.colour_bar.scale;
        let numbers = self.layers.iter().find_map(|layer| match layer {
            Layer::Cells(Cells::Numbers(grid)) => Some(grid),
            Layer::Cells(Cells::Outcomes(_))
            | Layer::Boundary(_)
            | Layer::Points(_)
            | Layer::Curve(_)
            | Layer::Reference(_) => None,
        })?;
        if let Some([from, to]) = self.colour_bar.range
            && let (Some(from), Some(to)) = (scale.to_axis(from), scale.to_axis(to))
            && from < to
        {
            return Some([from, to].map(|place| scale.from_axis(place)));
        }
        let places = numbers.iter().filter_map(|(_, _, number)| scale.to_axis((*number)?));
        let places: Vec<f64> = places.collect();
        let is_any = !places.is_empty();
        is_any.then(|| fitted(places, 0.0).map(|place| scale.from_axis(place)))
    }
}

/// The lowest and highest place, with a margin; an interval around a single place.
fn fitted(places: impl IntoIterator<Item = f64>, margin: f64) -> [f64; 2] {
    let ends = places.into_iter().fold(None, |ends: Option<[f64; 2]>, place| {
        let [low, high] = ends.unwrap_or([place; 2]);
        Some([low.min(place), high.max(place)])
    });
    let Some([low, high]) = ends else { return [0.0, 1.0] };
    if high - low <= low.abs().max(high.abs()) * 1e-9 {
        let room = if low == 0.0 { 0.5 } else { low.abs().min(0.5) };
        return [low - room, high + room];
    }
    let room = (high - low) * margin;
    [low - room, high + room]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Scale;
    use crate::figure::chart::{Class, Outcome};
    use crate::figure::chart::{ColourBar, Curve, Grid, Points};

    fn chart(layers: Vec<Layer>) -> Chart {
        Chart { x: AxisSpec::log("η"), y: AxisSpec::linear("λ₁"), layers, ..Chart::default() }
    }

    #[test]
    fn all_values_with_a_place_are_in_range_with_a_margin() {
        let curve = Curve {
            name: String::new(),
            points: vec![[0.1, 2.0], [10.0, 4.0], [0.0, 99.0], [1.0, f64::NAN]],
            band: vec![[1.0, 3.0], [3.0, 5.0], [f64::NAN, f64::INFINITY], [0.0, 0.0]],
            class: Class::Series(0),
        };
        let [[left, right], [bottom, top]] = chart(vec![Layer::Curve(curve)]).ranges();
        assert!((left + 1.1).abs() < 1e-12 && (right - 1.1).abs() < 1e-12, "{left} {right}");
        assert!((-6.0..0.0).contains(&bottom) && (99.0..110.0).contains(&top), "{bottom} {top}");
    }

    #[test]
    fn an_empty_chart_and_one_of_one_point_have_a_range() {
        assert_eq!(chart(Vec::new()).ranges(), [[0.0, 1.0], [0.0, 1.0]]);
        let points = Points::by_outcome([([1.0, 7.0], Outcome::Trained)]);
        assert_eq!(chart(points).ranges(), [[-0.5, 0.5], [6.5, 7.5]]);
    }

    #[test]
    fn the_colour_range_covers_the_cells_that_have_a_colour() {
        let numbers = [1.0, 100.0, f64::INFINITY, 0.0].into_iter().enumerate();
        let grid = Grid::gather(numbers.map(|(i, value)| ([i as f64, 0.0], value)));
        let cells = Layer::Cells(Cells::Numbers(grid.map(|all| all.first().copied())));
        let colour_bar = ColourBar { scale: Scale::Log, ..ColourBar::default() };
        let chart = Chart { layers: vec![cells], colour_bar, ..Chart::default() };
        assert_eq!(chart.colour_range(), Some([1.0, 100.0]));
        assert_eq!(Chart::default().colour_range(), None);
    }
}
