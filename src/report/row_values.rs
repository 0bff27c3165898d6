//! Rows of the results table in the form charts need: outcomes, numeric values and labels.

use crate::config::Setting;
use crate::figure::chart::{AxisScale, AxisSpec, Outcome};
use crate::study::{Row, RowStatus, Table, column};

/// Ratio of the largest to the smallest value from which an axis is logarithmic.
const LOG_FROM: f64 = 8.0;

/// The outcome of a row.
pub(super) fn outcome(row: &Row) -> Outcome {
    match row.status {
        RowStatus::Ended(end) => Outcome::of(end, row.is_trained()),
        RowStatus::Refused => Outcome::Refused,
    }
}

/// The final loss: ∞ for a diverged run, `None` for one that never started.
pub(super) fn final_loss(row: &Row) -> Option<f64> {
    if outcome(row) == Outcome::DIVERGED {
        return Some(f64::INFINITY);
    }
    row.number("final_loss")
}

/// The value of a row on an axis or in a column. On an axis of words it is the index of the word; the
/// final loss of a diverged run is ∞.
pub(super) fn value(table: &Table, row: &Row, name: &str) -> Option<f64> {
    match table.axis(name) {
        Some(axis) => match words(table, name) {
            Some(words) => {
                words.iter().position(|word| *word == row.point[axis]).map(|at| at as f64)
            }
            None => row.at(axis),
        },
        None if name == "final_loss" => final_loss(row),
        None => row.number(name),
    }
}

/// The points of a non-numeric axis; `None` for a numeric one.
pub(super) fn words(table: &Table, name: &str) -> Option<Vec<String>> {
    let points = table.points(table.axis(name)?);
    let is_number = |point: &&str| point.parse::<f64>().is_ok();
    let owned = || points.iter().map(|point| (*point).to_owned()).collect();
    (!points.iter().all(is_number)).then(owned)
}

/// Groups rows by their point on an axis, in axis order; one group with an empty name without an axis.
pub(super) fn split<'a>(
    table: &'a Table,
    rows: &[&'a Row],
    axis: Option<&str>,
) -> Vec<(String, Vec<&'a Row>)> {
    let Some(axis) = axis.and_then(|name| table.axis(name)) else {
        return vec![(String::new(), rows.to_vec())];
    };
    let of = |point: &str| rows.iter().copied().filter(|row| row.point[axis] == point).collect();
    let points = table.points(axis).into_iter();
    points.map(|point| (point.to_owned(), of(point))).collect()
}

/// Name of a point in a figure: a number with its axis label, a word alone.
pub(super) fn point_name(axis: Option<&str>, point: &str) -> String {
    match axis {
        Some(axis) if point.parse::<f64>().is_ok() => format!("{} {point}", label(axis)),
        Some(_) | None => point.to_owned(),
    }
}

/// Label of an axis or column in a figure.
pub(super) fn label(name: &str) -> String {
    if let Some(column) = column(name) {
        return column.label.to_owned();
    }
    Setting::named(name).map_or_else(
        || name.to_owned(),
        |setting| setting.axis_label.map_or_else(|| setting.label.to_lowercase(), str::to_owned),
    )
}

/// The chart axis for an axis or column with these values.
pub(super) fn axis_for(table: &Table, name: &str, values: impl Iterator<Item = f64>) -> AxisSpec {
    match words(table, name) {
        Some(words) => AxisSpec::named(label(name), words),
        None => AxisSpec { label: label(name), scale: scale_for(values), range: None },
    }
}

/// Logarithmic for positive values over a wide range, else linear.
pub(super) fn scale_for(values: impl Iterator<Item = f64>) -> AxisScale {
    let finite = values.filter(|value| value.is_finite());
    let [low, high] = finite.fold([f64::INFINITY, 0.0], |[low, high], x| [low.min(x), high.max(x)]);
    if low > 0.0 && high >= LOG_FROM * low { AxisScale::Log } else { AxisScale::Linear }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up_tables::table;

    #[test]
    fn a_failed_run_is_not_called_refused() {
        let of = |status, trained| {
            let numbers: &[(&str, f64)] = if trained { &[("trained", 1.0)] } else { &[] };
            let table = table(&["seed"], &[(&["1"], status, numbers)]);
            outcome(&table.rows[0]).word()
        };
        assert_eq!([true, false].map(|trained| of("finished", trained)), ["trained", "survived"]);
        for word in ["diverged", "failed", "refused"] {
            assert_eq!(of(word, false), word);
        }
    }
}
