//! A small table of a study: text and numbers under headers, with the best of each column marked.

mod latex;
mod markdown;

use super::significant;

/// A table whose rows have a cell for each column.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// Which of its numbers is marked as best; `None` for none.
    pub best: Option<Best>,
}

/// Which number of a column is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Best {
    /// The smallest, such as a loss.
    Smallest,
    /// The largest, such as an accuracy or a trainable rate.
    Largest,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number.
    Number {
        /// Its value.
        value: f64,
        /// Significant digits to display.
        digits: u8,
    },
    /// Nothing was measured.
    Missing,
}

/// A cell as displayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayedCell {
    /// Its text; a dash if nothing was measured.
    pub text: String,
    /// What the text is.
    pub kind: CellKind,
}

/// What a displayed cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text, or the dash for a missing value.
    Words,
    /// A number.
    Number,
    /// The best number of its column.
    Best,
}

/// Why a table cannot be made or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A row has too few or too many cells.
    #[error("row {row} of the table has {found} cells under {wanted} headers: give it {wanted}")]
    Row {
        /// Number of the row, from 1.
        row: usize,
        /// Number of its cells.
        found: usize,
        /// Number of columns.
        wanted: usize,
    },
    /// CSV could not be written.
    #[error("the table could not be written as CSV: {0}")]
    Csv(#[from] csv::Error),
}

impl Column {
    /// A column without a best number.
    #[must_use]
    pub fn new(header: &str) -> Self {
        Self { header: header.to_owned(), best: None }
    }

    /// A column whose best number is marked.
    #[must_use]
    pub fn with_best(header: &str, best: Best) -> Self {
        Self { header: header.to_owned(), best: Some(best) }
    }
}

impl Cell {
    /// A cell of text.
    #[must_use]
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// A number displayed with `digits` significant digits; `None` is missing.
    #[must_use]
    pub fn number(value: Option<f64>, digits: u8) -> Self {
        value.map_or(Self::Missing, |value| Self::Number { value, digits })
    }
}

impl Table {
    /// A table of rows under columns.
    pub fn new(columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Result<Self, TableError> {
        let wanted = columns.len();
        match rows.iter().position(|row| row.len() != wanted) {
            Some(at) => {
                let found = rows.get(at).map_or(0, Vec::len);
                Err(TableError::Row { row: at + 1, found, wanted })
            }
            None => Ok(Self { columns, rows }),
        }
    }

    /// Writes the table as CSV: numbers in full precision, missing ones empty, best ones not marked.
    pub fn csv(&self) -> Result<String, TableError> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|column| &column.header))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| match cell {
                Cell::Text(words) => words.clone(),
                Cell::Number { value, .. } => value.to_string(),
                Cell::Missing => String::new(),
            }))?;
        }
        let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The headers of the columns.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.header.as_str())
    }

    /// The rows as displayed.
    pub fn displayed(&self) -> impl Iterator<Item = Vec<DisplayedCell>> {
        self.rows.iter().map(|row| {
            let cells = row.iter().enumerate();
            cells.map(|(column, cell)| self.displayed_cell(column, cell)).collect()
        })
    }

    fn displayed_cell(&self, column: usize, cell: &Cell) -> DisplayedCell {
        let words = |text: &str| DisplayedCell { text: text.to_owned(), kind: CellKind::Words };
        match cell {
            Cell::Text(text) => words(text),
            Cell::Missing => words("–"),
            Cell::Number { value, digits } => {
                let is_best = self.is_best(column, *value, *digits);
                let kind = if is_best { CellKind::Best } else { CellKind::Number };
                DisplayedCell { text: significant(*value, *digits), kind }
            }
        }
    }

    /// Whether a column holds only numbers and missing values, and so is right-aligned.
    fn is_numeric(&self, column: usize) -> bool {
        self.rows.iter().all(|row| !matches!(row.get(column), Some(Cell::Text(_))))
    }

    /// Whether a number is the best of its column; numbers that round to the same digits are equal.
    fn is_best(&self, column: usize, value: f64, digits: u8) -> bool {
        let Some(best) = self.columns.get(column).and_then(|column| column.best) else {
            return false;
        };
        let rounded = |value: f64, digits: u8| crate::text::rounded(value, digits);
        let numbers = self.rows.iter().filter_map(|row| match row.get(column) {
            Some(Cell::Number { value, digits }) if value.is_finite() => {
                Some(rounded(*value, *digits))
            }
            _ => None,
        });
        let own = rounded(value, digits);
        let mut others = numbers;
        value.is_finite()
            && others.all(|other| match best {
                Best::Smallest => own <= other,
                Best::Largest => own >= other,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn methods() -> Table {
        let columns = vec![
            Column::new("method"),
            Column::with_best("loss_at_best η", Best::Smallest),
            Column::with_best("largest η", Best::Largest),
        ];
        let row = |name: &str, loss, rate| {
            vec![Cell::text(name), Cell::number(loss, 2), Cell::number(rate, 1)]
        };
        let rows = vec![
            row("plain | T = 0", Some(0.021_96), Some(0.1)),
            row("warmup, \"256\" & 50%", Some(0.007), Some(0.8)),
            row("scale ⅓", Some(0.007_04), Some(0.8)),
            row("none\nof these", Some(f64::INFINITY), None),
        ];
        Table::new(columns, rows).unwrap()
    }

    #[test]
    fn csv_is_read_back_with_all_digits() {
        let text = methods().csv().unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap(), vec!["method", "loss_at_best η", "largest η"]);
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(&rows[1][0], "warmup, \"256\" & 50%");
        assert_eq!(&rows[3][0], "none\nof these");
        let numbers: Vec<f64> = rows.iter().map(|row| row[1].parse().unwrap()).collect();
        assert_eq!(numbers, [0.021_96, 0.007, 0.007_04, f64::INFINITY]);
        assert_eq!(&rows[3][2], "");
    }

    #[test]
    fn a_row_of_wrong_length_is_rejected_in_one_sentence() {
        let error = Table::new(vec![Column::new("a")], vec![vec![], vec![Cell::Missing]]);
        let said = error.unwrap_err().to_string();
        assert_eq!(said, "row 1 of the table has 0 cells under 1 headers: give it 1");
    }

    #[test]
    fn all_numbers_that_round_to_the_best_are_best_and_infinite_ones_never() {
        let table = methods();
        assert!(table.is_best(1, 0.007, 2) && table.is_best(1, 0.007_04, 2));
        assert!(!table.is_best(1, 0.021_96, 2) && !table.is_best(1, f64::INFINITY, 2));
        assert!(table.is_best(2, 0.8, 1) && !table.is_best(2, 0.1, 1));
        assert!(!table.is_best(0, 1.0, 1));
    }
}
