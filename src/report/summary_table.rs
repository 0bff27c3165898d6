//! Builds summary tables: a row for every combination of points, with medians over seeds.

use super::rate_summary::RateSummary;
use super::row_values::{label, split, value};
use super::spec::TableSpec;
use crate::figure::chart::{Best, Cell, Column, Spread, Table as SummaryTable, TableError};
use crate::study::{Row, Table};

/// Significant digits of numbers in the table.
const DIGITS: u8 = 3;

/// Builds the table that `spec` describes.
pub(super) fn lines(table: &Table, spec: &TableSpec) -> Result<SummaryTable, TableError> {
    let mut columns: Vec<Column> = spec.rows.iter().map(|axis| Column::new(&label(axis))).collect();
    if spec.over.is_some() {
        columns.push(Column::with_best("largest trainable η", Best::Largest));
        columns.push(Column::with_best("final loss at the best η", Best::Smallest));
        columns.push(Column::new("best η"));
        columns.push(Column::with_best("LR sensitivity", Best::Smallest));
    }
    for name in &spec.columns {
        columns.push(Column::new(&label(name)));
        columns.push(Column::new("over seeds"));
    }
    let groups = groups(table, &spec.rows);
    let line = |(point, rows): &(Vec<String>, Vec<&Row>)| {
        let mut cells: Vec<Cell> = point.iter().map(Cell::text).collect();
        let mut rows = rows.clone();
        if let Some(over) = &spec.over {
            let rates = RateSummary::of(table, &rows, over);
            let best = rates.best;
            cells.push(Cell::number(rates.largest, DIGITS));
            cells.push(Cell::number(best.map(|(_, loss)| loss), DIGITS));
            cells.push(Cell::number(best.map(|(rate, _)| rate), DIGITS));
            cells.push(Cell::number(rates.sensitivity, DIGITS));
            rows.retain(|row| value(table, row, over) == best.map(|(rate, _)| rate));
        }
        for name in &spec.columns {
            let values: Vec<f64> = rows.iter().filter_map(|row| value(table, row, name)).collect();
            let spread = Spread::of(&values, [0.0, 1.0]);
            cells.push(Cell::number(spread.map(|spread| spread.median), DIGITS));
            cells.push(spread.map_or(Cell::Missing, |spread| Cell::text(range(spread))));
        }
        cells
    };
    SummaryTable::new(columns, groups.iter().map(line).collect())
}

/// A combination of points, and the rows at it.
type Group<'a> = (Vec<String>, Vec<&'a Row>);

/// All combinations of points of these axes that have rows; the first axis changes slowest.
fn groups<'a>(table: &'a Table, axes: &[String]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = vec![(Vec::new(), table.rows.iter().collect())];
    for axis in axes {
        let mut refined = Vec::new();
        for (point, rows) in groups {
            for (own, rows) in split(table, &rows, Some(axis)) {
                if !rows.is_empty() {
                    refined.push(([point.clone(), vec![own]].concat(), rows));
                }
            }
        }
        groups = refined;
    }
    groups
}

/// The range as text: "low to high", or one number where both are equal.
fn range(spread: Spread) -> String {
    let [low, high] =
        [spread.low, spread.high].map(|x| crate::figure::chart::significant(x, DIGITS));
    if low == high { low } else { format!("{low} to {high}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up_tables::methods;

    #[test]
    fn a_row_has_the_rates_of_a_method_and_its_columns_at_the_best_rate() {
        let rates = [0.1, 0.2, 0.4];
        let table = methods(
            &[("plain", &[0.2, f64::INFINITY, f64::INFINITY]), ("warmup", &[0.3, 0.1, 0.2])],
            &rates,
        );
        let spec = TableSpec {
            name: "methods".into(),
            title: String::new(),
            rows: vec!["method".into()],
            over: Some("peak_lr".into()),
            columns: vec!["first_sharpness".into()],
        };
        let text = lines(&table, &spec).unwrap().markdown();
        let rows: Vec<&str> = text.lines().skip(2).collect();
        // Sensitivity: (0 + .8 + .8)/3 and (.2 + 0 + .1)/3.
        assert_eq!(
            rows,
            [
                "| plain | 0.100 | 0.200 | 0.100 | 0.533 | 1.00 | 1.00 |",
                "| warmup | **0.400** | **0.100** | 0.200 | **0.100** | 2.00 | 2.00 |"
            ]
        );
        let apart = TableSpec { over: None, rows: vec!["method".into(), "seed".into()], ..spec };
        let text = lines(&table, &apart).unwrap().markdown();
        assert_eq!(text.lines().nth(2), Some("| plain | 1 | 2.00 | 1.00 to 4.00 |"));
        assert_eq!(text.lines().count(), 2 + 4);
    }
}
