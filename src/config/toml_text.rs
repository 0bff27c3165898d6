//! TOML text in general: parsing with short errors, `key=value`, flattening to dotted keys, and values
//! for display.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::ConfigError;
use crate::text;

/// Longest line, in characters, that a syntax error quotes.
const MAX_LINE: usize = 160;

/// A TOML value as shown on screen: without quotes or trailing zeros.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Float(x) => text::number(*x),
        Value::Integer(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::Array(_)
        | Value::Table(_) => value.to_string(),
    }
}

/// Splits `key=value`. A value that is not TOML is read as a number if possible (`.5`), else as a
/// string.
///
/// # Errors
/// [`ConfigError::Assignment`] when there is no `=`, no key or no value.
pub fn parse_assignment(text: &str) -> Result<(String, Value), ConfigError> {
    let bad = || ConfigError::Assignment(text.to_owned());
    let (key, value) = text.split_once('=').ok_or_else(bad)?;
    let (key, value) = (key.trim(), value.trim());
    if key.is_empty() || value.is_empty() {
        return Err(bad());
    }
    let parsed = format!("v = {value}").parse::<Table>().ok().and_then(|mut t| t.remove("v"));
    // `1e999` overflows to infinity; only the word `inf` means it.
    let is_meant = |x: &f64| x.is_finite() || !value.contains(|c: char| c.is_ascii_digit());
    let parsed = parsed.or_else(|| value.parse().ok().filter(is_meant).map(Value::Float));
    Ok((key.to_owned(), parsed.unwrap_or_else(|| Value::String(value.to_owned()))))
}

/// Parses TOML text into a table.
///
/// # Errors
/// [`ConfigError::Syntax`], with the place.
pub fn toml_table(text: &str) -> Result<Table, ConfigError> {
    text.parse().map_err(|error: toml::de::Error| ConfigError::Syntax(syntax_message(text, &error)))
}

/// A TOML syntax error as one message; quotes the line if it is short enough, else gives its
/// number.
fn syntax_message(text: &str, error: &toml::de::Error) -> String {
    let whole = error.to_string();
    if whole.lines().all(|line| line.chars().count() <= MAX_LINE) {
        return whole.trim_end().to_owned();
    }
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: {}", before.matches('\n').count() + 1, text::excerpt(error.message()))
}

/// The first line of a TOML error.
pub(super) fn first_line(error: &toml::de::Error) -> String {
    error.message().lines().next().unwrap_or_default().to_owned()
}

/// All values of a table and its subtables, by dotted key.
#[must_use]
pub fn flattened(table: Table) -> BTreeMap<String, Value> {
    fn gather(path: &str, table: Table, leaves: &mut BTreeMap<String, Value>) {
        for (key, value) in table {
            let key = if path.is_empty() { key } else { format!("{path}.{key}") };
            // Keeps an empty table as a value, so that the reader of the keys can refuse it.
            if let Value::Table(inner) = &value
                && !inner.is_empty()
            {
                gather(&key, inner.clone(), leaves);
            } else {
                leaves.insert(key, value);
            }
        }
    }
    let mut leaves = BTreeMap::new();
    gather("", table, &mut leaves);
    leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_takes_toml_or_a_word() {
        let (key, value) = parse_assignment("shape.height=0.05").unwrap();
        assert_eq!((key.as_str(), value), ("shape.height", Value::Float(0.05)));
        let (_, value) = parse_assignment("shape.depth=.2").unwrap();
        assert_eq!(value, Value::Float(0.2));
        let (_, value) = parse_assignment("shape.name = digits").unwrap();
        assert_eq!(value, Value::String("digits".into()));
        let (_, value) = parse_assignment("shape.sizes=[30, 20]").unwrap();
        assert_eq!(value, Value::Array(vec![30.into(), 20.into()]));
        assert!(parse_assignment("nothing").is_err());
    }
}
