//! CSV tables: writing rows, and reading tables that a spreadsheet program saved with semicolons or
//! tabs as separators and decimal commas.

use std::borrow::Cow;

/// The problem with a table that has no header.
pub(crate) const NO_HEADER: &str = "the line with the names of the columns is missing";

/// Possible field separators, the standard one first.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The table with commas as separators and decimal points, row by row; borrowed if it already has
/// them.
pub(crate) fn standard_csv(table: &str) -> Cow<'_, str> {
    let header = table.lines().next().unwrap_or_default();
    // Every second part is inside quotes.
    let n_of = |separator: char| -> usize {
        header.split('"').step_by(2).map(|part| part.matches(separator).count()).sum()
    };
    // `max_by_key` returns the last of equal maxima, so the standard separator wins a tie.
    let separator = SEPARATORS.into_iter().rev().max_by_key(|separator| n_of(*separator));
    let Some(separator) = separator.filter(|separator| *separator != ',' && n_of(*separator) > 0)
    else {
        return Cow::Borrowed(table);
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
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

/// Replaces a decimal comma by a point; other cells are unchanged.
fn with_point(cell: &str) -> Cow<'_, str> {
    let is_number = cell.matches(',').count() == 1
        && cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | ','))
        && cell.replace(',', ".").parse::<f64>().is_ok();
    if is_number { Cow::Owned(cell.replace(',', ".")) } else { Cow::Borrowed(cell) }
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
