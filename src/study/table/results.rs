//! The results table of a study, one row per task, and its lossless CSV form.

use super::columns::COLUMNS;
use crate::protocol::EndKind;
use crate::store::{NO_HEADER, standard_csv};
use crate::text;

/// The outcome of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowStatus {
    /// Its run ended; interrupted runs have no row.
    Ended(EndKind),
    /// Its settings conflict, so it was not run.
    Refused,
}

impl RowStatus {
    /// Every status a row can have.
    pub const ALL: [Self; 4] = [
        Self::Ended(EndKind::Finished),
        Self::Ended(EndKind::DIVERGED),
        Self::Ended(EndKind::FAILED),
        Self::Refused,
    ];

    /// The word in the CSV column `status`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ended(end) => end.word(),
            Self::Refused => "refused",
        }
    }
}

const TASK: &str = "task";
const STATUS: &str = "status";
const REASON: &str = "reason";
const WALL: &str = "wall_secs";

/// Whether every table has a column of this name, whatever its axes are.
pub(in crate::study) fn is_column(name: &str) -> bool {
    [TASK, STATUS, REASON, WALL].contains(&name) || COLUMNS.iter().any(|column| column.name == name)
}

/// The result of one task.
#[derive(Clone, Debug)]
pub struct Row {
    /// Index of the task, from 0.
    pub task: usize,
    /// The task's point on every axis, in the order of [`Table::axes`].
    pub point: Vec<String>,
    /// The task's outcome.
    pub status: RowStatus,
    /// Why it diverged, failed or was refused, as one sentence; empty for a finished run.
    pub reason: String,
    /// Values in the order of [`COLUMNS`].
    pub(in crate::study) values: Vec<Option<f64>>,
    /// Wall time in seconds; ignored by equality.
    pub wall_secs: Option<f64>,
}

/// Bit-for-bit equality of everything but the wall time.
impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.cells().eq(&other.cells())
    }
}

impl Row {
    /// The value in a column; `None` where it was not measured or no column has this name.
    #[must_use]
    pub fn number(&self, column: &str) -> Option<f64> {
        let at = COLUMNS.iter().position(|known| known.name == column)?;
        self.values.get(at).copied().flatten()
    }

    /// Its point on the axis with index `axis`, as a number; `None` where the point is a word.
    #[must_use]
    pub fn at(&self, axis: usize) -> Option<f64> {
        self.point.get(axis)?.parse().ok()
    }

    /// Whether it took all its steps and ended below half of [`super::zero_output_loss`].
    #[must_use]
    pub fn is_trained(&self) -> bool {
        self.number("trained") == Some(1.0)
    }

    /// All CSV cells except the wall time.
    fn cells(&self) -> Vec<String> {
        let words = [self.status.word().to_owned(), self.reason.clone()];
        let numbers = self.values.iter().map(|value| cell(*value));
        let task = std::iter::once(self.task.to_string());
        task.chain(self.point.iter().cloned()).chain(words).chain(numbers).collect()
    }

    /// Describes the first column in which two rows of the same table differ.
    pub(in crate::study) fn difference(&self, other: &Self, axes: &[String]) -> Option<String> {
        let (ours, theirs) = (self.cells(), other.cells());
        header(axes)
            .into_iter()
            .zip(ours.into_iter().zip(theirs))
            .find_map(|(name, (a, b))| (a != b).then(|| format!("`{name}` is `{a}` and `{b}`")))
    }
}

/// The results of a study, ordered by task.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Table {
    /// Names of the axes, the slowest first; seeds are the last.
    pub axes: Vec<String>,
    /// The rows, ascending by task; unfinished tasks have none.
    pub rows: Vec<Row>,
}

impl Table {
    /// A table of these rows, sorted by task.
    #[must_use]
    pub fn new(axes: Vec<String>, mut rows: Vec<Row>) -> Self {
        rows.sort_by_key(|row| row.task);
        Self { axes, rows }
    }

    /// Index of an axis in [`Row::point`].
    #[must_use]
    pub fn axis(&self, name: &str) -> Option<usize> {
        self.axes.iter().position(|axis| axis == name)
    }

    /// The distinct points of the axis with index `axis`, in order of first appearance.
    #[must_use]
    pub fn points(&self, axis: usize) -> Vec<&str> {
        let mut points: Vec<&str> = Vec::new();
        for point in self.rows.iter().filter_map(|row| row.point.get(axis)) {
            if !points.contains(&point.as_str()) {
                points.push(point);
            }
        }
        points
    }

    /// The rows at all of the given (axis index, point) pairs.
    pub fn rows_at<'a, 'b>(
        &'a self,
        at: &'b [(usize, &'b str)],
    ) -> impl Iterator<Item = &'a Row> + use<'a, 'b> {
        let is_at = move |row: &Row| {
            at.iter().all(|(axis, point)| row.point.get(*axis).is_some_and(|own| own == point))
        };
        self.rows.iter().filter(move |row| is_at(row))
    }

    /// Number of rows with this status.
    #[must_use]
    pub fn n_with_status(&self, status: RowStatus) -> usize {
        self.rows.iter().filter(|row| row.status == status).count()
    }

    /// The table as CSV; the last column is the wall time.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = header(&self.axes).into_iter().chain([WALL.to_owned()]);
        let rows = self.rows.iter().map(|row| {
            let mut cells = row.cells();
            cells.push(cell(row.wall_secs));
            cells
        });
        for cells in std::iter::once(header.collect()).chain(rows) {
            // Cannot fail: writing to a vector, with as many cells in each row as in the header.
            drop(writer.write_record(cells));
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    /// Reads a table that [`Self::to_csv`] wrote.
    ///
    /// # Errors
    /// The first malformed line, as one sentence.
    pub fn from_csv(text: &str) -> Result<Self, String> {
        let (table, problems) = Self::readable(text)?;
        problems.into_iter().next().map_or(Ok(table), Err)
    }

    /// As [`Self::from_csv`], but leaves malformed lines out, and returns a sentence about each.
    ///
    /// # Errors
    /// A malformed header.
    pub(in crate::study) fn readable(text: &str) -> Result<(Self, Vec<String>), String> {
        let text = standard_csv(text);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut records = reader
            .records()
            .enumerate()
            .map(|(at, record)| record.map_err(|error| format!("line {}: {error}", at + 1)));
        let first = records.next().ok_or(NO_HEADER)??;
        let names: Vec<&str> = first.iter().collect();
        let end = names.iter().position(|name| *name == STATUS).unwrap_or_default();
        let axes: Vec<String> =
            names.get(1..end).unwrap_or_default().iter().map(|name| (*name).to_owned()).collect();
        if names != [header(&axes), vec![WALL.to_owned()]].concat() {
            return Err(
                "line 1: these are not the columns of a results table of this version".to_owned()
            );
        }
        let row = |(at, record): (usize, Result<csv::StringRecord, String>)| {
            let cells: Vec<String> = record?.iter().map(str::to_owned).collect();
            read_row(&cells, axes.len()).map_err(|problem| format!("line {}: {problem}", at + 2))
        };
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        for read in records.enumerate().map(row) {
            match read {
                Ok(row) => rows.push(row),
                Err(problem) => problems.push(problem),
            }
        }
        Ok((Self::new(axes, rows), problems))
    }
}

/// All column names except the wall time.
fn header(axes: &[String]) -> Vec<String> {
    let own = |name: &&str| (*name).to_owned();
    let numbers = COLUMNS.iter().map(|column| column.name.to_owned());
    let head = [TASK].iter().map(own).chain(axes.iter().cloned());
    head.chain([STATUS, REASON].iter().map(own)).chain(numbers).collect()
}

fn read_row(cells: &[String], n_axes: usize) -> Result<Row, String> {
    let (point, rest) = cells.get(1..).unwrap_or_default().split_at(n_axes);
    let [status, reason, numbers @ ..] = rest else { return Err("it is too short".to_owned()) };
    let known = RowStatus::ALL.into_iter().find(|known| known.word() == status);
    let number = |text: &String| match text.as_str() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| format!("`{text}` is not a number")),
    };
    let mut values = numbers.iter().map(number).collect::<Result<Vec<Option<f64>>, _>>()?;
    let wall_secs = values.pop().flatten();
    Ok(Row {
        task: cells[0].parse().map_err(|_| format!("`{}` is not the index of a task", cells[0]))?,
        point: point.to_vec(),
        status: known.ok_or_else(|| format!("`{status}` is not a status of a task"))?,
        reason: reason.clone(),
        values,
        wall_secs,
    })
}

/// A number that reads back exactly; blank for `None`.
fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, text::exact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{PEAK_LR, SEED};

    fn row(task: usize, rate: &str, status: RowStatus) -> Row {
        let mut values = vec![None; COLUMNS.len()];
        for (name, value) in [
            ("first_loss", 0.1 + 0.2),
            ("final_loss", f64::NAN),
            ("trained", 1.0),
            ("final_accuracy", f64::INFINITY),
        ] {
            values[COLUMNS.iter().position(|column| column.name == name).unwrap()] = Some(value);
        }
        Row {
            task,
            point: vec![rate.to_owned(), "1".to_owned()],
            status,
            reason: "it says \"no\", twice".to_owned(),
            values,
            wall_secs: Some(1.5),
        }
    }

    fn table() -> Table {
        let rows = vec![
            row(2, "0.2", RowStatus::Ended(EndKind::DIVERGED)),
            row(0, "0.1", RowStatus::Ended(EndKind::Finished)),
            row(1, "0.1", RowStatus::Refused),
        ];
        Table::new([&PEAK_LR, &SEED].map(|axis| axis.key.to_owned()).into(), rows)
    }

    #[test]
    fn a_table_survives_csv_and_is_ordered_by_task() {
        let table = table();
        let text = table.to_csv();
        assert!(
            text.starts_with(&format!("task,{PEAK_LR},{SEED},status,reason,peak_lr,")),
            "{text}"
        );
        assert!(text.lines().next().unwrap().ends_with(",late_rising,wall_secs"), "{text}");
        let back = Table::from_csv(&text).unwrap();
        assert_eq!(back, table);
        assert_eq!(back.to_csv(), text);
        assert!(back.rows.iter().map(|row| row.task).eq([0, 1, 2]));
    }

    #[test]
    fn rows_are_found_by_axis_and_numbers_by_column() {
        let table = table();
        let rate = table.axis(PEAK_LR.key).unwrap();
        assert_eq!(table.points(rate), ["0.1", "0.2"]);
        assert_eq!(table.rows_at(&[(rate, "0.1")]).count(), 2);
        let first = table.rows_at(&[(rate, "0.2")]).next().unwrap();
        assert_eq!((first.task, first.number("first_loss")), (2, Some(0.1 + 0.2)));
        assert!(first.is_trained() && first.number("best_loss").is_none());
        assert_eq!((first.at(rate), first.at(7)), (Some(0.2), None));
        assert!(first.number("nothing").is_none() && table.axis("nothing").is_none());
        assert_eq!(table.n_with_status(RowStatus::Ended(EndKind::DIVERGED)), 1);
    }

    #[test]
    fn the_wall_time_is_no_part_of_equality_and_everything_else_is() {
        let axes = [&PEAK_LR, &SEED].map(|axis| axis.key.to_owned());
        let (one, mut other) = (
            row(0, "0.1", RowStatus::Ended(EndKind::Finished)),
            row(0, "0.1", RowStatus::Ended(EndKind::Finished)),
        );
        other.wall_secs = None;
        assert_eq!(one, other);
        assert!(one.difference(&other, &axes).is_none());
        let best = COLUMNS.iter().position(|column| column.name == "best_loss").unwrap();
        other.values[best] = Some(2.0);
        assert_ne!(one, other);
        assert_eq!(one.difference(&other, &axes).unwrap(), "`best_loss` is `` and `2`");
    }

    #[test]
    fn a_file_that_is_no_table_is_refused_with_its_line() {
        let good = table().to_csv();
        let cut = format!("{good}3,0.1\n");
        let cases =
            [("", "columns is missing"), ("step,loss\n1,2\n", "line 1"), (cut.as_str(), "line 5")];
        for (text, wanted) in cases {
            assert!(Table::from_csv(text).unwrap_err().contains(wanted), "{text}");
        }
        let word = good.replacen("diverged", "exploded", 1);
        assert!(Table::from_csv(&word).unwrap_err().contains("`exploded`"));
    }
}
