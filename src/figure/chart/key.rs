//! The legend of a chart: an entry for everything that the plot shows.

use std::collections::BTreeSet;

use super::axis::place;
use super::{AxisSpec, Cells, Chart, Class, Layer, Outcome, Unplaced};

/// An entry of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its text.
    pub name: String,
    /// The sample in front of the text.
    pub sample: Sample,
}

/// The sample in front of a legend entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
    /// A cell of this outcome.
    Cell(Outcome),
    /// A cell that was not run.
    Missing,
    /// The marker of values without a place.
    Unplaced(Unplaced),
    /// A boundary of cells.
    Boundary,
    /// The marker of points.
    Points(Class),
    /// A piece of a curve.
    Curve(Class),
    /// A piece of the reference with this index.
    Reference(usize),
}

impl Chart {
    /// The entries: outcomes from best to worst, then other layers in their order, then values
    /// without a place.
    #[must_use]
    pub fn legend(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut n_references = 0;
        let mut unplaced = BTreeSet::new();
        for layer in &self.layers {
            match layer {
                Layer::Cells(cells) => entries.extend(of_cells(cells, self)),
                Layer::Boundary(boundary) => {
                    let has_lines = !boundary.lines.is_empty();
                    entries.extend(has_lines.then(|| entry(&boundary.name, Sample::Boundary)));
                }
                Layer::Points(points) => {
                    entries.push(entry(&points.name, Sample::Points(points.class)));
                    unplaced.extend(points.places.iter().filter_map(|at| self.unplaced(*at)));
                }
                Layer::Curve(curve) => {
                    entries.push(entry(&curve.name, Sample::Curve(curve.class)));
                    unplaced.extend(curve.points.iter().filter_map(|at| self.unplaced(*at)));
                }
                Layer::Reference(line) => {
                    entries.push(entry(&line.name, Sample::Reference(n_references)));
                    n_references += 1;
                }
            }
        }
        let unplaced = unplaced.into_iter().map(|what| entry(what.word(), Sample::Unplaced(what)));
        entries.extend(unplaced);
        merged(entries)
    }

    /// Why a point has no place in the plot; `None` if it has one.
    fn unplaced(&self, [x, y]: [f64; 2]) -> Option<Unplaced> {
        let place = |axis: &AxisSpec, value| axis.place(value).err();
        place(&self.y, y).or_else(|| place(&self.x, x))
    }
}

/// The entries without duplicates: outcomes from best to worst, other layers, values without a
/// place.
pub(super) fn merged(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by_key(|entry| match entry.sample {
        Sample::Points(Class::Outcome(outcome)) | Sample::Cell(outcome) => (0, Some(outcome)),
        Sample::Unplaced(_) | Sample::Missing => (2, None),
        Sample::Points(Class::Series(_) | Class::Curvature | Class::Limit)
        | Sample::Curve(_)
        | Sample::Boundary
        | Sample::Reference(_) => (1, None),
    });
    let mut known: Vec<Entry> = Vec::new();
    for entry in entries {
        if !entry.name.is_empty() && !known.contains(&entry) {
            known.push(entry);
        }
    }
    known
}

fn entry(name: &str, sample: Sample) -> Entry {
    Entry { name: name.to_owned(), sample }
}

/// Outcomes in the cells, from best to worst, then kinds of cells without a colour.
fn of_cells(cells: &Cells, chart: &Chart) -> Vec<Entry> {
    let (mut entries, is_any_missing) = match cells {
        Cells::Outcomes(grid) => {
            let outcomes: BTreeSet<Outcome> = grid.iter().filter_map(|(.., cell)| *cell).collect();
            let named = outcomes.into_iter().map(|what| entry(what.word(), Sample::Cell(what)));
            (named.collect::<Vec<_>>(), grid.iter().any(|(.., cell)| cell.is_none()))
        }
        Cells::Numbers(grid) => {
            let numbers = grid.iter().filter_map(|(.., cell)| *cell);
            let unplaced = numbers.filter_map(|number| place(chart.colour_bar.scale, number).err());
            let unplaced: BTreeSet<Unplaced> = unplaced.collect();
            let named = unplaced.into_iter().map(|what| entry(what.word(), Sample::Unplaced(what)));
            (named.collect(), grid.iter().any(|(.., cell)| cell.is_none()))
        }
    };
    entries.extend(is_any_missing.then(|| entry("not run", Sample::Missing)));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::chart::{Grid, Points, Reference};

    #[test]
    fn every_visible_class_marker_and_line_has_one_entry() {
        let rows = [
            ([0.1, 1.0], Outcome::DIVERGED),
            ([0.2, f64::INFINITY], Outcome::DIVERGED),
            ([0.1, f64::NAN], Outcome::Trained),
        ];
        let mut layers = Points::by_outcome(rows);
        layers.push(Layer::Reference(Reference::level("2/η", [0.1, 1.0], 3.0)));
        let chart = Chart { layers, ..Chart::default() };
        let legend = chart.legend();
        let names: Vec<_> = legend.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["trained", "diverged", "2/η", "NaN", "∞"]);
        assert_eq!(legend[2].sample, Sample::Reference(0));
    }

    #[test]
    fn cells_have_entries_for_outcomes_and_for_cells_not_run() {
        let rows = [([0.0, 0.0], Outcome::Refused), ([1.0, 1.0], Outcome::Trained)];
        let grid = Grid::gather(rows).map(|all| all.first().copied());
        let chart = Chart { layers: vec![Layer::Cells(Cells::Outcomes(grid))], ..Chart::default() };
        let names: Vec<_> = chart.legend().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["trained", "refused", "not run"]);
    }
}
