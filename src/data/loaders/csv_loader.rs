//! CSV: a table of numbers, a row for each example, with one column to predict.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::contents::{Answers, Contents, Inputs, Part, Summary};
use super::loader::{Beside, Loader};
use crate::data::idx::File;
use crate::data::{Answer, DataError, InputShape};
use crate::text;

/// Names of the column to predict, in any case.
const LABELS: [&str; 4] = ["label", "class", "target", "y"];

/// The most classes.
const MAX_CLASSES: usize = 1000;

/// The most inputs of all rows together: half a gigabyte.
const MAX_NUMBERS: usize = 1 << 26;

/// The largest size of a number whose square can still be summed.
const LARGEST: f64 = 1e100;

/// Bytes that are looked at to recognise text.
const N_HEAD: usize = 4096;

/// The format.
pub(super) struct Csv;

impl Loader for Csv {
    fn name(&self) -> &'static str {
        "CSV"
    }

    fn about(&self) -> &'static str {
        "A table in UTF-8 with commas, semicolons (then also decimal commas) or tabs, plain or \
         gzipped, with or without a line of names. The column called `label`, `class`, `target` or \
         `y` is predicted, or else the last one: whole numbers and texts are classes, at most 1000 \
         and in sorted order; numbers with a fraction are a regression, scaled to mean 0 and \
         standard deviation 1. All other columns are inputs and must be finite numbers. Rows that \
         are not trained on are the test set."
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let head = &bytes[..bytes.len().min(N_HEAD)];
        let is_of_text = |byte: &u8| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r');
        !head.is_empty() && head.iter().all(is_of_text)
    }

    fn load(&self, file: File<'_>, _beside: Beside<'_>) -> Result<Contents, DataError> {
        let table = Table::new(file)?;
        let survey = table.survey()?;
        let part = table.examples(&survey)?;
        let answer = match &part.answers {
            Answers::Values(_) => Answer::Values(1),
            Answers::Classes(labels) => {
                Answer::Class(labels.iter().max().map_or(0, |last| *last as usize + 1))
            }
        };
        let summary = Summary {
            format: self.name(),
            n: survey.n,
            n_test: None,
            n_inputs: survey.names.len() - 1,
            shape: InputShape::Flat,
            answer,
        };
        Ok(Contents { summary, train: part, test: None })
    }
}

/// The text of a table.
struct Table<'a> {
    file: &'a str,
    text: &'a str,
    separator: u8,
}

/// What the column to predict holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Classes,
    Values,
}

/// What a first pass over the rows found.
struct Survey {
    /// The columns, by name or by number.
    names: Vec<String>,
    /// Rows before the first example.
    n_header: usize,
    /// The column to predict.
    label: usize,
    kind: Kind,
    /// Number of examples.
    n: usize,
}

/// A label as classes are sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Whole(i64),
    Text(String),
}

impl Label {
    fn read(cell: &str) -> Self {
        cell.parse().map_or_else(|_| Self::Text(cell.to_owned()), Self::Whole)
    }
}

impl<'a> Table<'a> {
    fn new(file: File<'a>) -> Result<Self, DataError> {
        let text = std::str::from_utf8(file.bytes).map_err(|error| DataError::Malformed {
            file: file.name.to_owned(),
            place: format!("byte {}", error.valid_up_to()),
            reason: "this is not text in UTF-8; save the table in that encoding".to_owned(),
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Ok(Self { file: file.name, text, separator: text::csv_separator(text) })
    }

    /// Passes every row that is not blank to `take`, with its position in the text.
    fn rows(
        &self,
        mut take: impl FnMut(&StringRecord, u64) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .trim(csv::Trim::All)
            .from_reader(self.text.as_bytes());
        let mut row = StringRecord::new();
        loop {
            let at = reader.position().byte();
            match reader.read_record(&mut row) {
                Ok(false) => return Ok(()),
                Ok(true) if row.len() == 1 && row[0].is_empty() => {}
                Ok(true) => take(&row, at)?,
                Err(error) => return Err(self.wrong(at, None, &error.to_string())),
            }
        }
    }

    /// First pass: finds the names, the column to predict and what it holds, and counts rows.
    fn survey(&self) -> Result<Survey, DataError> {
        let mut survey: Option<Survey> = None;
        let mut labels = Labels::default();
        self.rows(|row, at| {
            let is_first = survey.is_none();
            let survey = survey.get_or_insert_with(|| Survey::of_first(row));
            if is_first {
                if row.len() < 2 {
                    return Err(self.wrong(at, None, ONE_COLUMN));
                }
                if survey.n_header == 1 {
                    return Ok(());
                }
            }
            let width = survey.names.len();
            if row.len() != width {
                let reason = format!(
                    "this row has {}, the first one {width}; make them equally long",
                    text::counted(row.len() as u64, "cell")
                );
                return Err(self.wrong(at, None, &reason));
            }
            survey.n += 1;
            if survey.n.saturating_mul(width - 1) > MAX_NUMBERS {
                let reason = format!(
                    "up to here there are {MAX_NUMBERS} numbers; use fewer rows or columns"
                );
                return Err(self.wrong(at, None, &reason));
            }
            let refuse = |reason: &str| self.wrong(at, Some(&survey.names[survey.label]), reason);
            labels.take(&self.cell(&row[survey.label])).map_err(|reason| refuse(&reason))
        })?;
        let mut survey = survey.filter(|survey| survey.n >= 2).ok_or_else(|| {
            self.wrong(self.text.len() as u64, None, "the table ends before a second example")
        })?;
        survey.kind = labels.kind();
        Ok(survey)
    }

    /// Second pass: the examples.
    fn examples(&self, survey: &Survey) -> Result<Part, DataError> {
        let mut inputs = Vec::with_capacity(survey.n * (survey.names.len() - 1));
        let mut values = Vec::new();
        let mut labels: Vec<u32> = Vec::new();
        let mut classes: BTreeMap<Label, u32> = BTreeMap::new();
        let mut n_before = 0;
        self.rows(|row, at| {
            n_before += 1;
            if n_before <= survey.n_header {
                return Ok(());
            }
            for (column, cell) in row.iter().enumerate() {
                let cell = self.cell(cell);
                let refuse = |reason: &str| self.wrong(at, Some(&survey.names[column]), reason);
                if column != survey.label {
                    inputs.push(number(&cell).map_err(|reason| refuse(&reason))?);
                } else if survey.kind == Kind::Values {
                    values.push(number(&cell).map_err(|reason| refuse(&reason))?);
                } else {
                    let n = u32::try_from(classes.len()).unwrap_or(u32::MAX);
                    labels.push(*classes.entry(Label::read(&cell)).or_insert(n));
                    if classes.len() > MAX_CLASSES {
                        return Err(refuse(&format!(
                            "this is the {}st class of at most {MAX_CLASSES}; merge some, or write \
                             numbers with a decimal point to predict them",
                            MAX_CLASSES + 1
                        )));
                    }
                }
            }
            Ok(())
        })?;
        let answers = match survey.kind {
            Kind::Values => Answers::Values(values),
            Kind::Classes if classes.len() < 2 => {
                let place = format!("column `{}`", text::excerpt(&survey.names[survey.label]));
                let reason = "all rows are of one class; give at least two, or check which column \
                              is the one to predict";
                return Err(self.wrong_at(place, reason));
            }
            Kind::Classes => Answers::Classes(sorted(&classes, labels)),
        };
        Ok(Part { inputs: Inputs::Numbers(inputs), answers })
    }

    /// A cell with a decimal point for a decimal comma.
    fn cell<'c>(&self, cell: &'c str) -> std::borrow::Cow<'c, str> {
        if self.separator == b',' { cell.into() } else { text::with_point(cell) }
    }

    /// An error in the row that begins at a byte, after blank lines, and in this column.
    fn wrong(&self, at: u64, column: Option<&str>, reason: &str) -> DataError {
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(self.text.len());
        let bytes = self.text.as_bytes();
        let n_blank = bytes[at..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let line = bytes[..at + n_blank].split(|byte| *byte == b'\n').count();
        let place = column.map_or_else(
            || format!("line {line}"),
            |column| format!("line {line}, column `{}`", text::excerpt(column)),
        );
        self.wrong_at(place, reason)
    }

    fn wrong_at(&self, place: String, reason: &str) -> DataError {
        DataError::Malformed { file: self.file.to_owned(), place, reason: reason.to_owned() }
    }
}

/// The problem with a table of one column.
const ONE_COLUMN: &str = "there is one column only; a table has inputs and a column to predict, \
                          with commas, semicolons or tabs between them";

impl Survey {
    /// Takes the first row for names if no cell of it is a number, or one names the column to
    /// predict.
    fn of_first(row: &StringRecord) -> Self {
        let is_label = |cell: &str| LABELS.iter().any(|label| cell.eq_ignore_ascii_case(label));
        let named = row.iter().position(is_label);
        let is_number = |cell: &str| text::with_point(cell).parse::<f64>().is_ok();
        let is_header = named.is_some() || !row.iter().any(is_number);
        let names = if is_header {
            row.iter().map(str::to_owned).collect()
        } else {
            (1..=row.len()).map(|number| number.to_string()).collect()
        };
        let label = named.unwrap_or(row.len().saturating_sub(1));
        Self { names, n_header: usize::from(is_header), label, kind: Kind::Classes, n: 0 }
    }
}

/// The labels of all rows as far as they decide about the kind of prediction.
#[derive(Default)]
struct Labels {
    /// The first number that is not whole.
    real: Option<String>,
    /// The first text.
    text: Option<String>,
}

impl Labels {
    fn take(&mut self, cell: &str) -> Result<(), String> {
        if cell.is_empty() {
            return Err(MISSING.to_owned());
        }
        if cell.parse::<i64>().is_err() {
            let kind = if cell.parse::<f64>().is_ok() { &mut self.real } else { &mut self.text };
            kind.get_or_insert_with(|| text::excerpt(cell));
        }
        match (&self.real, &self.text) {
            (Some(real), Some(text)) => Err(format!(
                "there are numbers such as {real} and texts such as `{text}` in this column; use \
                 one or the other"
            )),
            (None | Some(_), None) | (None, Some(_)) => Ok(()),
        }
    }

    fn kind(&self) -> Kind {
        if self.real.is_some() { Kind::Values } else { Kind::Classes }
    }
}

/// The problem with an empty cell.
const MISSING: &str = "a value is missing; fill it in, or remove the row";

/// A finite number, or what is wrong with the cell.
fn number(cell: &str) -> Result<f64, String> {
    if cell.is_empty() {
        return Err(MISSING.to_owned());
    }
    match cell.parse::<f64>() {
        Ok(x) if x.abs() <= LARGEST => Ok(x),
        Ok(_) => Err(format!(
            "{} is not a finite number of usual size; correct it, or remove the row",
            text::excerpt(cell)
        )),
        Err(_) => Err(format!(
            "`{}` is not a number; write categories as numbers, or remove the column",
            text::excerpt(cell)
        )),
    }
}

/// Labels numbered in the order of their classes instead of that of their appearance.
fn sorted(classes: &BTreeMap<Label, u32>, mut labels: Vec<u32>) -> Vec<u32> {
    let mut place = vec![0; classes.len()];
    for (sorted, appeared) in (0..).zip(classes.values()) {
        place[*appeared as usize] = sorted;
    }
    for label in &mut labels {
        *label = place[*label as usize];
    }
    labels
}
