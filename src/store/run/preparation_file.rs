//! `preparation.csv`: the tuning of the initial weights, one iteration per row.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::StringRecord;

use super::file_names::PREPARATION;
use crate::protocol::Preparation;
use crate::store::StoreError;
use crate::store::file_kinds::{
    LineFile, Lines, complete_lines, csv_lines, read_text, standard_csv,
};
use crate::text;

/// The fixed columns; those of the tensors follow, under the tensors' names.
const COLUMNS: [&str; 4] = ["iteration", "n_iterations", "objective", "grad_norm"];

/// The file of a run in progress; created with the first row.
#[derive(Debug)]
pub(super) struct PreparationFile {
    path: PathBuf,
    rows: Option<LineFile>,
}

impl PreparationFile {
    /// The file in this run folder.
    pub(super) fn new(dir: &Path) -> Self {
        Self { path: dir.join(PREPARATION), rows: None }
    }

    /// Continues with the path in this folder, to which the run folder was moved.
    pub(super) fn follow_move(&mut self, dir: &Path) {
        self.path = dir.join(PREPARATION);
        if let Some(rows) = &mut self.rows {
            rows.follow_move(dir);
        }
    }

    /// Appends rows, passed to the operating system before this returns.
    pub(super) fn append(&mut self, records: &[Preparation]) -> Result<(), StoreError> {
        let Some(newest) = records.last() else { return Ok(()) };
        if self.rows.is_none() {
            let mut rows = LineFile::create(&self.path)?;
            let names = newest.names.iter().map(String::as_str);
            rows.append(&csv_lines(std::iter::once(COLUMNS.into_iter().chain(names))))?;
            self.rows = Some(rows);
        }
        let cells = |record: &Preparation| {
            let norm = record.grad_norm.map_or_else(String::new, text::exact);
            let counts = [record.iteration, record.n_iterations].map(|n| n.to_string());
            let cells = counts.into_iter().chain([text::exact(record.objective), norm]);
            cells.chain(record.sizes.iter().copied().map(text::exact)).collect::<Vec<_>>()
        };
        let Some(rows) = &mut self.rows else { return Ok(()) };
        rows.append(&csv_lines(records.iter().map(cells)))
    }

    /// Verifies that the file still holds what was appended.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.rows.as_ref().map_or(Ok(()), LineFile::check)
    }
}

/// The records of this file, empty if there is no file, and an error for an incomplete last line.
pub(super) fn read(path: &Path) -> Result<(Vec<Preparation>, Option<StoreError>), StoreError> {
    let Lines { text, torn } = complete_lines(path, read_text(path)?.unwrap_or_default());
    let table = standard_csv(&text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table.as_bytes());
    let mut names: Arc<[String]> = Arc::new([]);
    let mut records = Vec::new();
    for (at, row) in reader.records().enumerate() {
        let malformed = |problem: String| StoreError::Malformed {
            path: path.to_owned(),
            line: at as u64 + 1,
            problem,
        };
        let row = row.map_err(|error| malformed(error.to_string()))?;
        if at == 0 {
            if row.iter().take(COLUMNS.len()).ne(COLUMNS) {
                return Err(malformed(format!("expected the columns {}", COLUMNS.join(", "))));
            }
            names = row.iter().skip(COLUMNS.len()).map(str::to_owned).collect();
            continue;
        }
        records.push(record(&row, &names).map_err(malformed)?);
    }
    Ok((records, torn))
}

fn record(row: &StringRecord, names: &Arc<[String]>) -> Result<Preparation, String> {
    let n_columns = COLUMNS.len() + names.len();
    if row.len() != n_columns {
        let cells = text::there_are(row.len() as u64, "cell");
        return Err(format!("{cells}, but {}", text::plural(n_columns as u64, "column")));
    }
    let number = |at: usize| {
        let cell = row.get(at).unwrap_or_default();
        let column = COLUMNS.get(at).copied().unwrap_or_else(|| names[at - COLUMNS.len()].as_str());
        cell.parse::<f64>().map_err(|_| format!("`{column}` is `{cell}`, not a number"))
    };
    let count = |at: usize| {
        let cell = row.get(at).unwrap_or_default();
        cell.parse::<u64>().map_err(|_| format!("`{}` is `{cell}`, not a count", COLUMNS[at]))
    };
    let is_bounded = row.get(3).is_some_and(|cell| !cell.is_empty());
    Ok(Preparation {
        iteration: count(0)?,
        n_iterations: count(1)?,
        objective: number(2)?,
        grad_norm: is_bounded.then(|| number(3)).transpose()?,
        names: names.clone(),
        sizes: (COLUMNS.len()..n_columns).map(number).collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(grad_norm: Option<f64>) -> Vec<Preparation> {
        let names: Arc<[String]> = ["a.weight", "with, comma"].map(str::to_owned).into();
        let record = |iteration: u64| Preparation {
            iteration,
            n_iterations: 2,
            objective: 1.0 / (3.0 + iteration as f64),
            grad_norm,
            names: names.clone(),
            sizes: vec![1e-7 / 3.0, iteration as f64],
        };
        (0..3).map(record).collect()
    }

    #[test]
    fn appended_rows_are_read_back_bit_for_bit() {
        for grad_norm in [None, Some(1.0 / 7.0)] {
            let dir = tempfile::tempdir().unwrap();
            let mut file = PreparationFile::new(dir.path());
            assert_eq!(read(&file.path).unwrap().0, [], "no file yet");
            let records = records(grad_norm);
            file.append(&records[..1]).unwrap();
            file.append(&records[1..]).unwrap();
            let (back, torn) = read(&file.path).unwrap();
            assert!(back == records && torn.is_none());
        }
    }

    #[test]
    fn damage_and_an_incomplete_line_are_reported_by_line() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = PreparationFile::new(dir.path());
        file.append(&records(None)).unwrap();
        let text = std::fs::read_to_string(&file.path).unwrap();
        std::fs::write(&file.path, &text[..text.len() - 3]).unwrap();
        let (back, torn) = read(&file.path).unwrap();
        assert_eq!(back.len(), 2);
        assert!(matches!(torn, Some(StoreError::Torn { line: 4, .. })), "{torn:?}");
        for (from, to, wanted) in [
            ("objective", "loss", "line 1: expected the columns"),
            ("\n1,2,0.25", "\n1,2,o.25", "line 3: `objective` is `o.25`"),
            ("\n1,2,", "\nx,2,", "line 3: `iteration` is `x`"),
            ("\n1,2,", "\n1,2,2,", "line 3: there are 7 cells"),
        ] {
            assert!(text.contains(from), "{text}");
            std::fs::write(&file.path, text.replacen(from, to, 1)).unwrap();
            let error = read(&file.path).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
