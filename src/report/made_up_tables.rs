//! Made-up results tables for the tests of this folder.

use crate::config::settings::PEAK_LR;
use crate::study::{COLUMNS, Table};

/// A row: its point, the word of its status, and numbers by column.
pub(super) type MadeUpRow<'a> = (&'a [&'a str], &'a str, &'a [(&'a str, f64)]);

/// A results table with these rows.
pub(super) fn table(axes: &[&str], rows: &[MadeUpRow<'_>]) -> Table {
    let columns: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    let head = [&["task"], axes, &["status", "reason"], &columns, &["wall_secs"]].concat();
    let mut text = head.join(",") + "\n";
    for (at, (point, status, numbers)) in rows.iter().enumerate() {
        let number = |name: &&str| {
            let found = numbers.iter().find(|(known, _)| known == name);
            found.map_or_else(String::new, |(_, value)| value.to_string())
        };
        let mut cells = vec![at.to_string()];
        cells.extend(point.iter().map(|point| (*point).to_owned()));
        cells.extend([(*status).to_owned(), String::new()]);
        cells.extend(columns.iter().map(number));
        cells.push("2".to_owned());
        text += &(cells.join(",") + "\n");
    }
    Table::from_csv(&text).unwrap()
}

/// Runs of methods over rates with two seeds each, by final loss: ∞ for a diverged run; below 0.25 a
/// run counts as trained.
pub(super) fn methods(methods: &[(&str, &[f64])], rates: &[f64]) -> Table {
    type Line = (Vec<String>, &'static str, Vec<(&'static str, f64)>);
    let mut lines: Vec<Line> = Vec::new();
    for (name, losses) in methods {
        for (rate, loss) in rates.iter().zip(*losses) {
            for seed in ["1", "2"] {
                let point = vec![(*name).to_owned(), rate.to_string(), seed.to_owned()];
                let numbers = vec![
                    ("peak_lr", *rate),
                    ("first_loss", 1.0),
                    ("final_loss", if loss.is_finite() { *loss } else { 1e9 }),
                    ("trained", f64::from(u8::from(*loss < 0.25))),
                    ("first_sharpness", 10.0 * rate),
                ];
                let status = if loss.is_finite() { "finished" } else { "diverged" };
                lines.push((point, status, numbers));
            }
        }
    }
    let points: Vec<Vec<&str>> =
        lines.iter().map(|(point, _, _)| point.iter().map(String::as_str).collect()).collect();
    let rows: Vec<MadeUpRow<'_>> = points
        .iter()
        .zip(&lines)
        .map(|(point, (_, status, numbers))| (point.as_slice(), *status, numbers.as_slice()))
        .collect();
    table(&["method", PEAK_LR.key, "seed"], &rows)
}
