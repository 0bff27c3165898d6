//! The separators and decimal commas that spreadsheet programs write into CSV tables.

use std::borrow::Cow;

/// Possible separators of cells, the standard one first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The separator of a table: the most frequent one in its first line, outside of quotes.
#[must_use]
pub fn csv_separator(table: &str) -> u8 {
    let header = table.lines().next().unwrap_or_default();
    let n_of = |separator: u8| -> usize {
        // Every second part is inside quotes.
        let plain = header.split('"').step_by(2);
        plain.map(|part| part.bytes().filter(|byte| *byte == separator).count()).sum()
    };
    // `max_by_key` returns the last of equal maxima, so the standard separator wins a tie.
    SEPARATORS.into_iter().rev().max_by_key(|separator| n_of(*separator)).unwrap_or(SEPARATORS[0])
}

/// Replaces a decimal comma by a point; other cells are unchanged.
#[must_use]
pub fn with_point(cell: &str) -> Cow<'_, str> {
    let is_number = cell.matches(',').count() == 1
        && cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | ','))
        && cell.replace(',', ".").parse::<f64>().is_ok();
    if is_number { Cow::Owned(cell.replace(',', ".")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_separator_outside_of_quotes_counts() {
        for (table, separator) in [
            ("a,b\n1;2;3\n", b','),
            ("a;b\n", b';'),
            ("a\tb\n", b'\t'),
            ("\"a;b;c\",d\n", b','),
            ("a,b;c\n", b','),
            ("", b','),
        ] {
            assert_eq!(csv_separator(table), separator, "{table}");
        }
    }

    #[test]
    fn only_a_number_gets_a_point() {
        for (cell, wanted) in
            [("0,5", "0.5"), ("-1,5E3", "-1.5E3"), ("a,b", "a,b"), ("1,2,3", "1,2,3")]
        {
            assert_eq!(with_point(cell), wanted);
        }
    }
}
