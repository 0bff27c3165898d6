//! CSV tables: writing rows, and reading tables that a spreadsheet program saved with semicolons or
//! tabs as separators and decimal commas.

use std::borrow::Cow;

use crate::text::{csv_separator, with_point};

/// The problem with a table that has no header.
pub(crate) const NO_HEADER: &str = "the line with the names of the columns is missing";

/// The table with commas as separators and decimal points, row by row; borrowed if it already has
/// them.
pub(crate) fn standard_csv(table: &str) -> Cow<'_, str> {
    let separator = csv_separator(table);
    if separator == b',' {
        return Cow::Borrowed(table);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(table.as_bytes());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in reader.records() {
        // A flexible reader of UTF-8 in memory has no reason to fail.
        let Ok(row) = row else { return Cow::Borrowed(table) };
        if writer.write_record(row.iter().map(with_point).map(Cow::into_owned)).is_err() {
            return Cow::Borrowed(table);
        }
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).map_or(Cow::Borrowed(table), Cow::Owned)
}

/// CSV lines of these rows.
pub(in crate::store) fn csv_lines<R>(rows: impl Iterator<Item = R>) -> Vec<u8>
where
    R: IntoIterator<Item: AsRef<[u8]>>,
{
    let mut text = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        // Writing to memory cannot fail.
        drop(text.write_record(row));
    }
    text.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_commas_become_points_and_words_stay() {
        let cases = [
            ("step;loss\n0;0,25\n1;1,5E-07\n2;NaN\n", "step,loss\n0,0.25\n1,1.5E-07\n2,NaN\n"),
            ("step\tloss\r\n0\t-0,25\r\n", "step,loss\n0,-0.25\n"),
            ("step;loss\n0;0.25\n", "step,loss\n0,0.25\n"),
            ("a;b\n\"no, never; twice\";[3, 4]\n", "a,b\n\"no, never; twice\",\"[3, 4]\"\n"),
            ("a;b\n1;1.234,5\n", "a,b\n1,\"1.234,5\"\n"),
        ];
        for (table, wanted) in cases {
            assert_eq!(standard_csv(table), wanted);
        }
    }

    #[test]
    fn a_standard_table_is_unchanged() {
        for table in ["step,loss\n0,0.25\n", "step\n1\n", "", "a,\"b;c;d\"\n1,\"2;3\"\n"] {
            assert!(matches!(standard_csv(table), Cow::Borrowed(same) if same == table));
        }
    }
}
