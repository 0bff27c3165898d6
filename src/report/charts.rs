//! Charts of the results table: phase diagrams, scatter plots and curves.

use super::row_values::{axis_for, label, outcome, point_name, scale_for, split, value, words};
use super::spec::{FigureKind, FigureSpec, YAxis};
use crate::figure::Scale;
use crate::figure::chart::{
    AxisScale, AxisSpec, Cells, Chart, Class, ColourBar, Curve, Grid, Layer, Points, Reference,
    Sheet, boundary, majority, quantile,
};
use crate::study::{Row, Table};

/// Draws every kind of figure but [`FigureKind::Course`], which needs the runs.
pub(super) fn sheet(table: &Table, spec: &FigureSpec, caption: &str) -> Sheet {
    let rows = rows_of(table, spec);
    let parts = split(table, &rows, spec.beside.as_deref());
    let charts = parts.iter().flat_map(|(point, own)| {
        let title = point_name(spec.beside.as_deref(), point);
        Part { table, all: &rows, rows: own, title: &title }.charts(&spec.kind)
    });
    titled(spec, caption, charts.collect())
}

/// Joins charts under the title and caption of a figure.
pub(super) fn titled(spec: &FigureSpec, caption: &str, charts: Vec<Chart>) -> Sheet {
    let filled = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    let (title, caption) = (filled(&spec.title), filled(caption));
    let sheet = Sheet { title, caption, charts, n_columns: None };
    match spec.kind {
        FigureKind::Phase { .. } | FigureKind::Scatter { .. } => sheet.aligned(),
        // The horizontal axes of the charts may differ.
        FigureKind::Curves { .. } | FigureKind::Course { .. } => sheet.level(),
    }
}

/// The rows that pass a figure's filter.
pub(super) fn rows_of<'a>(table: &'a Table, spec: &FigureSpec) -> Vec<&'a Row> {
    let at: Vec<_> = spec
        .at
        .iter()
        .filter_map(|(axis, point)| Some((table.axis(axis)?, point.as_str())))
        .collect();
    table.rows_at(&at).collect()
}

/// Rows of one chart, and its title.
struct Part<'a> {
    table: &'a Table,
    /// All rows of the figure, so all its charts get the same kind of axis.
    all: &'a [&'a Row],
    rows: &'a [&'a Row],
    title: &'a str,
}

impl Part<'_> {
    fn charts(&self, kind: &FigureKind) -> Vec<Chart> {
        match kind {
            FigureKind::Phase { x, y, shows } => vec![self.phase([x, y], shows.as_deref())],
            FigureKind::Scatter { x, ys, is_limit_drawn } => {
                let height = scale_for(ys.iter().flat_map(|y| self.values(y)));
                ys.iter().map(|y| self.scatter([x, y], &height, *is_limit_drawn)).collect()
            }
            FigureKind::Curves { x, y, by, y_axis } => {
                vec![self.curves([x, y], by.as_deref(), *y_axis)]
            }
            // Drawn by `courses`.
            FigureKind::Course { .. } => Vec::new(),
        }
    }

    /// Values of all rows of the figure on an axis or in a column.
    fn values(&self, name: &str) -> impl Iterator<Item = f64> {
        self.all.iter().filter_map(move |row| value(self.table, row, name))
    }

    fn chart(&self, title: &str) -> Chart {
        let titles: Vec<_> = [self.title, title].into_iter().filter(|t| !t.is_empty()).collect();
        Chart { title: (!titles.is_empty()).then(|| titles.join(", ")), ..Chart::default() }
    }

    /// Position of every row, with a value computed from the row.
    fn placed<T>(&self, [x, y]: [&str; 2], of: impl Fn(&Row) -> T) -> Vec<([f64; 2], T)> {
        let place = |row: &Row| Some([value(self.table, row, x)?, value(self.table, row, y)?]);
        self.rows.iter().filter_map(|row| Some((place(row)?, of(row)))).collect()
    }

    fn phase(&self, [x, y]: [&str; 2], shows: Option<&str>) -> Chart {
        let outcomes = Grid::gather(self.placed([x, y], outcome)).map(|all| majority(all));
        let edge = Layer::Boundary(boundary(&outcomes));
        let named = |name: &str, axis: AxisSpec| match words(self.table, name) {
            Some(words) => AxisSpec::named(label(name), words),
            None => axis,
        };
        let axes = (named(x, outcomes.x_axis(&label(x))), named(y, outcomes.y_axis(&label(y))));
        let (cells, colour_bar) = match shows {
            None => (Cells::Outcomes(outcomes), ColourBar::default()),
            Some(shows) => {
                let own = self.placed([x, y], |row| value(self.table, row, shows));
                let middle = |values: &Vec<Option<f64>>| {
                    let known: Vec<f64> = values.iter().copied().flatten().collect();
                    quantile(&known, 0.5)
                };
                let numbers = Grid::gather(own).map(middle);
                let known = || numbers.iter().filter_map(|(_, _, number)| *number);
                let is_log = scale_for(known()) == AxisScale::Log;
                let scale = if is_log { Scale::Log } else { Scale::Linear };
                let bar = ColourBar { label: label(shows), scale, range: None };
                (Cells::Numbers(numbers), bar)
            }
        };
        let layers = vec![Layer::Cells(cells), edge];
        Chart { x: axes.0, y: axes.1, layers, colour_bar, ..self.chart("") }
    }

    fn scatter(&self, [x, y]: [&str; 2], height: &AxisScale, is_limit_drawn: bool) -> Chart {
        let rows = self.placed([x, y], outcome);
        let mut layers = Vec::new();
        if is_limit_drawn && let Some(ends) = extent(self.values(x)) {
            layers.push(Layer::Reference(Reference::over_logs("2/η", ends, |rate| 2.0 / rate)));
        }
        layers.extend(Points::by_outcome(rows));
        let is_sharpness = y.ends_with("sharpness");
        let name = if is_sharpness { "sharpness λ₁".to_owned() } else { label(y) };
        let y_axis = AxisSpec { label: name, scale: height.clone(), range: None };
        let x_axis = axis_for(self.table, x, self.values(x));
        Chart { x: x_axis, y: y_axis, layers, ..self.chart(&label(y)) }
    }

    fn curves(&self, [x, y]: [&str; 2], by: Option<&str>, y_axis: YAxis) -> Chart {
        let mut layers = Vec::new();
        for (at, (name, rows)) in split(self.table, self.rows, by).into_iter().enumerate() {
            let of = |row: &&Row| Some((value(self.table, row, x)?, value(self.table, row, y)?));
            let name = if name.is_empty() { label(y) } else { point_name(by, &name) };
            let rows = rows.iter().filter_map(of);
            layers.push(Layer::Curve(Curve::over_seeds(
                &name,
                Class::Series(at),
                rows,
                [0.0, 1.0],
            )));
        }
        let xs = self.rows.iter().filter_map(|row| value(self.table, row, x));
        layers.extend(y_axis.reference(y, extent(xs)));
        let x_axis = axis_for(self.table, x, self.values(x));
        Chart { x: x_axis, y: y_axis.spec(&label(y)), layers, ..self.chart("") }
    }
}

impl YAxis {
    /// The axis with a label.
    pub(super) fn spec(self, label: &str) -> AxisSpec {
        if self.is_log { AxisSpec::log(label) } else { AxisSpec::linear(label) }
    }

    /// The reference line between two horizontal values.
    pub(super) fn reference(self, what: &str, ends: Option<[f64; 2]>) -> Option<Layer> {
        let (level, ends) = (self.level?, ends?);
        let is_threshold = level == 1.0 && what.ends_with("ratio");
        let name =
            if is_threshold { "the threshold".to_owned() } else { crate::text::number(level) };
        Some(Layer::Reference(Reference::level(&name, ends, level)))
    }
}

/// The smallest and largest finite value.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    let finite = values.filter(|value| value.is_finite());
    finite.map(|x| [x, x]).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])])
}
