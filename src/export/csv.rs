//! The records of runs as CSV: one row per step, one column per quantity. Exported tables begin with
//! comment lines, as ECSV files do, which carry what repeats their runs: at the head, a reader
//! that knows no comments fails at once, while at the end it would take them for rows of text.

use crate::history::{Run, Series};
use crate::protocol::Record;
use crate::quantity::Quantity;
use crate::text;

/// Column names: `step`, then every quantity in the order of [`Quantity::all`].
#[must_use]
pub fn header() -> Vec<&'static str> {
    std::iter::once("step").chain(Quantity::all().map(Quantity::name)).collect()
}

/// One record as cells under [`header`]; blank where a quantity was not measured.
#[must_use]
pub fn row(record: &Record) -> Vec<String> {
    let values = Quantity::all().map(|quantity| cell(quantity.read(record)));
    std::iter::once(record.sample.step.to_string()).chain(values).collect()
}

/// A number in full precision; blank for `None`.
fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, text::exact)
}

/// One run as CSV.
#[must_use]
pub fn csv(run: &Run) -> Vec<u8> {
    let mut table = line(header().into_iter().map(str::to_owned));
    rows(run, |cells| table.push_str(&line(cells.into_iter())));
    table.into_bytes()
}

/// A run in a CSV of several runs.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its name in the column `run`.
    pub name: String,
    /// The settings that distinguish it, for the column `settings`.
    pub settings: String,
    /// The run to write.
    pub run: Run,
}

/// Several runs in one CSV, with leading columns `run` and `settings`.
#[must_use]
pub fn csv_many(runs: &[Named]) -> Vec<u8> {
    let header = ["run", "settings"].into_iter().chain(header());
    let mut table = line(header.map(str::to_owned));
    for Named { name, settings, run } in runs {
        rows(run, |cells| {
            let names = [name.clone(), settings.clone()];
            table.push_str(&line(names.into_iter().chain(cells)));
        });
    }
    table.into_bytes()
}

/// The sign that begins a comment line.
const COMMENT: &str = "#";

/// A table below a text as comment lines.
#[must_use]
pub fn commented(text: &str, table: &[u8]) -> Vec<u8> {
    let mut lines = String::new();
    for line in text.lines() {
        lines.extend([COMMENT, " ", line, "\n"]);
    }
    [lines.as_bytes(), table].concat()
}

/// The text of a comment line; `None` if it is none.
#[must_use]
pub fn comment(line: &str) -> Option<&str> {
    let text = line.strip_prefix(COMMENT)?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

/// Calls `take` with the cells of each step that has any measurement, in order.
fn rows(run: &Run, mut take: impl FnMut(Vec<String>)) {
    let all: Vec<&Series> = Quantity::all().map(|quantity| run.series(quantity)).collect();
    let mut columns: Vec<_> = all.iter().map(|series| series.iter().peekable()).collect();
    while let Some(step) = columns.iter_mut().filter_map(|c| c.peek().map(|(step, _)| *step)).min()
    {
        let mut cells = vec![step.to_string()];
        for column in &mut columns {
            let value = column.next_if(|(at, _)| *at == step).map(|(_, value)| value);
            cells.push(cell(value));
        }
        take(cells);
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.map(|cell| quoted(&cell)).collect::<Vec<_>>().join(",");
    line.push('\n');
    line
}

/// Quotes a cell that has a comma, quote or line break, or that would begin a comment.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r', '#']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Cost, Curvature, Eigenvalue, Event, RunId, Sample};

    fn record(step: u64, loss: f64, sharpness: Option<f64>) -> Record {
        let curvature = sharpness.map(|value| Curvature {
            top: vec![Eigenvalue {
                value,
                residual: 0.01,
                error: Some(1e-4),
                is_converged: true,
                identity: 0,
            }],
            ..Curvature::default()
        });
        let sample = Sample {
            step,
            loss,
            learning_rate: 0.1,
            clip_scale: 1.0,
            stability_threshold: Some(20.0),
            effective_threshold: Some(20.0),
            curvature,
            ..Sample::default()
        };
        Record { sample, cost: Cost::default() }
    }

    fn run(records: &[Record]) -> Run {
        let mut run = Run::new(RunId(1), RunConfig::default());
        run.apply(&Event::Sampled { run: RunId(1), records: records.to_vec() });
        run
    }

    fn records() -> Vec<Record> {
        vec![
            record(0, 0.1 + 0.2, Some(1.0 / 3.0)),
            record(1, f64::NAN, None),
            record(2, f64::INFINITY, Some(1e-300)),
            record(3, f64::NEG_INFINITY, None),
        ]
    }

    fn parsed(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_table_of_a_whole_run_equals_one_written_record_by_record() {
        let table = parsed(&csv(&run(&records())));
        assert_eq!(table[0], header());
        for (cells, record) in table[1..].iter().zip(records()) {
            assert_eq!(*cells, row(&record));
        }
        assert_eq!(table.len(), 5);
    }

    #[test]
    fn every_number_reads_back_as_itself_and_what_was_not_measured_is_blank() {
        let table = parsed(&csv(&run(&records())));
        let column = |name: &str| {
            let at = table[0].iter().position(|cell| cell == name).unwrap();
            table[1..].iter().map(|cells| cells[at].clone()).collect::<Vec<_>>()
        };
        assert_eq!(column("loss")[0].parse::<f64>().unwrap().to_bits(), (0.1f64 + 0.2).to_bits());
        assert_eq!(column("loss")[1..], ["NaN", "inf", "-inf"]);
        assert_eq!(column("sharpness")[0].parse::<f64>().unwrap(), 1.0 / 3.0);
        assert_eq!(column("sharpness")[2], "1e-300");
        assert_eq!(column("sharpness")[1], "");
        assert_eq!(column("test_loss"), ["", "", "", ""]);
    }

    #[test]
    fn comments_above_a_table_are_read_back_and_leave_its_rows() {
        let (text, table) = ("# eoscope\n\nname = \"a\"\n", csv(&run(&records())));
        let bytes = commented(text, &table);
        let lines = std::str::from_utf8(&bytes).unwrap().lines();
        let head: Vec<&str> = lines.map_while(comment).collect();
        assert_eq!(head.join("\n") + "\n", text);
        let mut reader = ::csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(&bytes[..]);
        assert_eq!(reader.headers().unwrap(), header());
        assert_eq!(reader.records().count(), 4);
    }

    #[test]
    fn several_runs_carry_their_names_first_even_awkward_ones() {
        let named = |name: &str, run| Named { name: name.into(), settings: "seed=2".into(), run };
        let (a, b) = (run(&records()[..1]), run(&records()));
        let bytes = csv_many(&[named("a, \"quoted\"", a), named("#2", b)]);
        let table = parsed(&bytes);
        assert!(!String::from_utf8(bytes).unwrap().contains("\n#"), "no row is a comment");
        assert_eq!(table[0][..3], ["run", "settings", "step"]);
        assert_eq!(table[1][1], "seed=2");
        assert_eq!((&*table[1][0], &*table[2][0]), ("a, \"quoted\"", "#2"));
        assert_eq!(table.len(), 1 + 1 + 4);
        assert!(table.iter().all(|cells| cells.len() == table[0].len()));
    }
}
