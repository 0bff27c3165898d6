//! Reading the tables of a study's TOML: keys by name, unknown ones refused with the nearest.
//! Does not know what the keys mean.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::StudyError;

/// Settings by dotted key.
pub(super) type Settings = BTreeMap<String, Value>;

/// A table whose keys are taken out one by one.
pub(super) struct Reader {
    /// What the table is called in sentences, empty for the study itself.
    place: String,
    table: Table,
}

impl Reader {
    /// Refuses a table with a key that is not among those known.
    pub(super) fn new(place: &str, table: Table, known: &[&str]) -> Result<Self, StudyError> {
        let place = place.to_owned();
        if let Some(key) = table.keys().find(|key| !known.contains(&key.as_str())) {
            let closeness = |word: &&&str| strsim::jaro_winkler(key, word);
            let nearest = known.iter().max_by(|a, b| closeness(a).total_cmp(&closeness(b)));
            let dotted = |key: &str| {
                if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
            };
            return Err(StudyError::UnknownKey {
                key: dotted(key),
                nearest: dotted(nearest.copied().unwrap_or_default()),
            });
        }
        Ok(Self { place, table })
    }

    /// A sentence about this table.
    pub(super) fn wrong(&self, sentence: &str) -> StudyError {
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
        let refuse = || self.wrong(&format!("`{key}` cannot be {value}; expected {wanted}"));
        read(&value).map(Some).ok_or_else(refuse)
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>, StudyError> {
        self.take(key, "text in quotes", |value| value.as_str().map(str::to_owned))
    }

    /// A number; `None` where the key is left out.
    pub(super) fn real(&mut self, key: &str) -> Result<Option<f64>, StudyError> {
        self.take(key, "a number", |value| {
            let whole = value.as_integer().map(|n| n as f64);
            value.as_float().or(whole).filter(|x| x.is_finite())
        })
    }

    pub(super) fn whole(&mut self, key: &str) -> Result<Option<u64>, StudyError> {
        let wanted = "a whole number from 0 on";
        self.take(key, wanted, |value| value.as_integer().and_then(|n| u64::try_from(n).ok()))
    }

    pub(super) fn table(&mut self, key: &str) -> Result<Option<Table>, StudyError> {
        self.take(key, "a table", |value| value.as_table().cloned())
    }

    pub(super) fn list(&mut self, key: &str) -> Result<Option<Vec<Value>>, StudyError> {
        self.take(key, "a list", |value| value.as_array().cloned())
    }

    pub(super) fn value(&mut self, key: &str) -> Option<Value> {
        self.table.remove(key)
    }

    /// Settings, whose dotted keys may be in quotes or not.
    pub(super) fn settings(&mut self, key: &str) -> Result<Settings, StudyError> {
        let mut found = Settings::new();
        flatten("", self.table(key)?.unwrap_or_default(), &mut found);
        Ok(found)
    }
}

fn flatten(prefix: &str, table: Table, found: &mut Settings) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        if let Value::Table(inner) = value {
            flatten(&key, inner, found);
        } else {
            found.insert(key, value);
        }
    }
}
