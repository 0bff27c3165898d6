//! Typed access to a table of a study's TOML; unknown keys are refused with the nearest known one.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::config::{ConfigError, flattened};
use crate::study::StudyError;
use crate::text;

/// Top-level keys of a study's file.
const STUDY_KEYS: [&str; 11] =
    ["name", "sees", "base", "config", "set", "seeds", "seed", "axis", "figure", "table", "claim"];

/// The top-level keys that describe a report of the results, not the runs.
pub(super) const REPORT_KEYS: [&str; 3] = ["figure", "table", "claim"];

/// Settings by dotted key.
pub(crate) type Settings = BTreeMap<String, Value>;

/// A TOML table whose keys are removed as they are read.
pub(crate) struct Reader {
    /// The table's name in messages; empty for the study itself.
    place: String,
    table: Table,
}

impl Reader {
    /// The top level of a study's file.
    pub(crate) fn whole_study(table: Table) -> Result<Self, StudyError> {
        Self::new("", table, &STUDY_KEYS)
    }

    /// Wraps a table; refuses keys that are not in `known`.
    pub(crate) fn new(place: &str, table: Table, known: &[&str]) -> Result<Self, StudyError> {
        let place = place.to_owned();
        if let Some(key) = table.keys().find(|key| !known.contains(&key.as_str())) {
            let dotted = |key: &str| {
                if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
            };
            let known: Vec<String> = known.iter().map(|key| dotted(key)).collect();
            let hint = text::hint(&dotted(key), known.iter().map(String::as_str));
            return Err(ConfigError::UnknownKey { key: dotted(key), hint }.into());
        }
        Ok(Self { place, table })
    }

    /// An error message that names this table.
    pub(crate) fn wrong(&self, sentence: &str) -> StudyError {
        if self.place.is_empty() {
            return StudyError::Wrong(sentence.to_owned());
        }
        StudyError::Wrong(format!("{}: {sentence}", self.place))
    }

    fn take<T>(
        &mut self,
        key: &str,
        wanted: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, StudyError> {
        let Some(value) = self.table.remove(key) else { return Ok(None) };
        let refuse = || {
            let value = text::excerpt(&value.to_string());
            self.wrong(&format!("`{key}` cannot be {value}; expected {wanted}"))
        };
        read(&value).map(Some).ok_or_else(refuse)
    }

    pub(crate) fn text(&mut self, key: &str) -> Result<Option<String>, StudyError> {
        self.take(key, "text in quotes", |value| value.as_str().map(str::to_owned))
    }

    /// A number; `None` where the key is left out.
    pub(crate) fn real(&mut self, key: &str) -> Result<Option<f64>, StudyError> {
        self.take(key, "a number", number)
    }

    pub(crate) fn whole(&mut self, key: &str) -> Result<Option<u64>, StudyError> {
        let wanted = "a whole number from 0 on";
        self.take(key, wanted, |value| value.as_integer().and_then(|n| u64::try_from(n).ok()))
    }

    pub(crate) fn flag(&mut self, key: &str) -> Result<Option<bool>, StudyError> {
        self.take(key, "true or false", Value::as_bool)
    }

    pub(crate) fn table(&mut self, key: &str) -> Result<Option<Table>, StudyError> {
        self.take(key, "a table", |value| value.as_table().cloned())
    }

    pub(crate) fn list(&mut self, key: &str) -> Result<Option<Vec<Value>>, StudyError> {
        self.take(key, "a list", |value| value.as_array().cloned())
    }

    pub(crate) fn value(&mut self, key: &str) -> Option<Value> {
        self.table.remove(key)
    }

    /// Refuses keys that were never read.
    pub(crate) fn finish(self, what: &str) -> Result<(), StudyError> {
        match self.table.keys().next() {
            Some(key) => Err(self.wrong(&format!("`{key}` means nothing in {what}; remove it"))),
            None => Ok(()),
        }
    }

    /// Settings by dotted key, which the file may write quoted or as nested tables.
    pub(crate) fn settings(&mut self, key: &str) -> Result<Settings, StudyError> {
        Ok(flattened(self.table(key)?.unwrap_or_default()))
    }
}

/// A finite number, integer or float.
pub(super) fn number(value: &Value) -> Option<f64> {
    let whole = value.as_integer().map(|n| n as f64);
    value.as_float().or(whole).filter(|x| x.is_finite())
}
