//! Reads `metrics.csv` back into records; [`crate::export`] defines the format of a row.

use std::path::Path;

use csv::StringRecord;

use crate::export::csv::comment;
use crate::protocol::Record;
use crate::quantity::{self, Quantity};
use crate::store::StoreError;
use crate::store::file_kinds::{Lines, NO_HEADER, blank_lines, read_lines, standard_csv};
use crate::text::there_are;

/// The records of this file, and an error for each unreadable or incomplete line.
pub(super) fn read(path: &Path) -> Result<(Vec<Record>, Vec<StoreError>), StoreError> {
    let Lines { text, torn } = read_lines(path)?;
    // An exported table begins with comments.
    let n_comments = text.lines().take_while(|line| comment(line).is_some()).count();
    let head = text.split_inclusive('\n').take(n_comments).map(str::len).sum();
    let table = standard_csv(&text[head..]);
    let malformed =
        |line: u64, problem: String| StoreError::Malformed { path: path.to_owned(), line, problem };
    let lines: Vec<&str> = table.lines().collect();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        // In a table without quotes, a stray quote would swallow the following lines.
        .quoting(lines.first().is_some_and(|header| header.contains('"')))
        .from_reader(table.as_bytes());
    // The reader skips empty lines but reports the number of the first skipped line for the next
    // row.
    let own_line = |line: u64| {
        let before = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let n_empty = lines.iter().skip(before).take_while(|line| line.is_empty()).count();
        line + (n_empty + n_comments) as u64
    };
    let mut accepted = Accepted::default();
    accepted.damage.extend(blank_lines(path, &text));
    let mut header: Option<Header> = None;
    for (at, row) in reader.records().enumerate() {
        let row = row.map_err(|error| malformed(at as u64 + 1, error.to_string()))?;
        let line = own_line(row.position().map_or(at as u64 + 1, csv::Position::line));
        let Some(header) = &header else {
            header = Some(Header::read(&row).map_err(|problem| malformed(line, problem))?);
            continue;
        };
        if row.len() == 1 && row.as_slice().trim().is_empty() {
            continue;
        }
        match Row::read(header, &row).and_then(|row| row.record()) {
            Ok(record) => accepted.push(record, line, malformed),
            Err(problem) => accepted.damage.push(malformed(line, problem)),
        }
    }
    if header.is_none() {
        return Err(malformed(1, NO_HEADER.to_owned()));
    }
    accepted.damage.extend(torn);
    Ok((accepted.records, accepted.damage))
}

/// Records with increasing steps, and an error for each other row.
#[derive(Default)]
struct Accepted {
    records: Vec<Record>,
    damage: Vec<StoreError>,
    /// Line number of the last record.
    last_line: u64,
}

impl Accepted {
    fn push(&mut self, record: Record, line: u64, malformed: impl Fn(u64, String) -> StoreError) {
        let step = record.sample.step;
        let steps: Vec<u64> = self.records.iter().rev().take(2).map(|r| r.sample.step).collect();
        let Some(last) = steps.first().filter(|last| **last >= step) else {
            self.records.push(record);
            self.last_line = line;
            return;
        };
        if *last == step || steps.get(1).is_some_and(|before| *before >= step) {
            self.damage.push(malformed(line, format!("step {step} follows step {last}")));
            return;
        }
        // The new row continues from the row before the last, so the step of the last row is wrong.
        let problem = format!("step {last} comes before step {step}");
        self.damage.push(malformed(self.last_line, problem));
        self.records.pop();
        self.records.push(record);
        self.last_line = line;
    }
}

/// The columns of the table; files of older versions lack some.
struct Header {
    n_columns: usize,
    /// The column of each quantity, in the order of [`Quantity::all`].
    places: Vec<Option<usize>>,
}

impl Header {
    fn read(header: &StringRecord) -> Result<Self, String> {
        if header.get(0) != Some("step") {
            let found = header.get(0).unwrap_or("nothing");
            return Err(format!("column 1 should be named `step`, but is `{found}`"));
        }
        let names: Vec<&str> = header.iter().collect();
        for (at, name) in names.iter().enumerate().skip(1) {
            if Quantity::named(name).is_none() {
                return Err(format!(
                    "column {} is named `{name}`, which this version does not know; use the \
                     version that wrote it",
                    at + 1
                ));
            }
            if names[..at].contains(name) {
                return Err(format!(
                    "column {} is named `{name}`, as an earlier column is",
                    at + 1
                ));
            }
        }
        let place = |name: &str| names.iter().position(|known| *known == name);
        let places = Quantity::all().map(|quantity| place(quantity.name())).collect();
        Ok(Self { n_columns: names.len(), places })
    }
}

/// The values of one row: a number or blank in every column, derived ones included.
struct Row {
    step: u64,
    values: Vec<Option<f64>>,
}

impl Row {
    fn read(header: &Header, row: &StringRecord) -> Result<Self, String> {
        let n_columns = header.n_columns;
        if row.len() != n_columns {
            let values = there_are(row.len() as u64, "value");
            return Err(format!("{values} instead of {n_columns}"));
        }
        let step = row.get(0).unwrap_or_default();
        let step = step.parse().map_err(|_| format!("`step` is `{step}`, not a whole number"))?;
        let value = |(place, quantity): (&Option<usize>, Quantity)| match place
            .and_then(|at| row.get(at))
            .unwrap_or_default()
        {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| format!("`{}` is `{text}`, not a number", quantity.name())),
        };
        let values = header.places.iter().zip(Quantity::all()).map(value);
        Ok(Self { step, values: values.collect::<Result<_, String>>()? })
    }

    fn record(&self) -> Result<Record, String> {
        let mut record = quantity::record(self.step, |quantity| self.value(quantity))?;
        if !self.has_limit() {
            record.sample.effective_threshold = None;
        }
        Ok(record)
    }

    /// Whether this row's clipping has a known stability limit; older versions wrote a number
    /// regardless.
    fn has_limit(&self) -> bool {
        let is_clipped = self.value(quantity::CLIP_SCALE).is_some_and(|scale| scale < 1.0);
        !is_clipped || self.value(quantity::CLIP_LEVEL).is_some()
    }

    /// The value of a quantity; `None` if blank.
    fn value(&self, quantity: Quantity) -> Option<f64> {
        self.values[quantity.place()]
    }
}
