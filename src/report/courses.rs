//! Charts of a quantity over training steps: a line for each point of an axis, with the range over
//! seeds.

use std::collections::BTreeMap;

use super::charts::{extent, rows_of, titled};
use super::row_values::{point_name, split};
use super::spec::{FigureSpec, YAxis};
use crate::figure::chart::{AxisSpec, Chart, Class, Curve, Layer, Sheet};
use crate::history::Run;
use crate::quantity::Quantity;
use crate::study::{Row, Table};

/// The most points of a line; each is the mean over a range of steps.
const N_POINTS: u64 = 250;

/// Draws a [`super::FigureKind::Course`], loading runs with `find`.
pub(super) fn sheet(
    table: &Table,
    spec: &FigureSpec,
    quantity: Quantity,
    by: &str,
    y_axis: YAxis,
    find: &dyn Fn(&Row) -> Option<Run>,
    caption: &str,
) -> Sheet {
    let rows = rows_of(table, spec);
    let label = quantity.label().to_lowercase();
    let symbol = quantity.symbol();
    let mut charts = Vec::new();
    for (title, rows) in split(table, &rows, spec.beside.as_deref()) {
        let mut layers = Vec::new();
        let mut end = 0.0_f64;
        for (at, (line, rows)) in split(table, &rows, Some(by)).into_iter().enumerate() {
            let runs: Vec<Vec<(f64, f64)>> =
                rows.iter().filter_map(|row| find(row)).map(|run| means(&run, quantity)).collect();
            // Only as far as all seeds go: after the first divergence the rest would look too good.
            let ends = runs.iter().map(|run| run.last().map_or(0.0, |(step, _)| *step));
            let last = ends.fold(f64::INFINITY, f64::min);
            let points: Vec<_> =
                runs.into_iter().flatten().filter(|(step, _)| *step <= last).collect();
            end = points.iter().fold(end, |end, (step, _)| end.max(*step));
            layers.push(Layer::Curve(Curve::over_seeds(
                &point_name(Some(by), &line),
                Class::Series(at),
                points,
                [0.0, 1.0],
            )));
        }
        layers.extend(y_axis.reference(quantity.name(), extent([0.0, end].into_iter())));
        charts.push(Chart {
            title: (!title.is_empty()).then(|| point_name(spec.beside.as_deref(), &title)),
            x: AxisSpec::linear("step"),
            y: y_axis.spec(&format!("{label} {symbol}")),
            layers,
            ..Chart::default()
        });
    }
    titled(spec, caption, charts)
}

/// Means of a quantity over step ranges of equal length, each at the middle of its range.
fn means(run: &Run, quantity: Quantity) -> Vec<(f64, f64)> {
    let length = run.initial_config().n_steps.div_ceil(N_POINTS).max(1);
    let mut stretches: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
    for (step, value) in run.series(quantity).iter() {
        let (n, sum) = stretches.entry(step / length).or_default();
        *n += 1.0;
        *sum += value;
    }
    let middle = |at: u64| (at * length) as f64 + (length - 1) as f64 / 2.0;
    stretches.into_iter().map(|(at, (n, sum))| (middle(at), sum / n)).collect()
}
