//! Configurations as TOML text: parsing, writing, access by dotted key, and differences. `store/`
//! reads and writes the files.

use std::path::Path;

use toml::Value;

use super::settings::DATA_PATH;
use super::toml_text::{first_line, flattened, plain, toml_table};
use super::{Change, ConfigError, RunConfig, Setting, TaskSource};
use crate::text;

/// Limit on dated changes in one configuration: more than a user makes in a long run.
const MAX_CHANGES: usize = 10_000;

impl Change {
    /// The setting that changes.
    #[must_use]
    pub fn setting(&self) -> Option<&'static Setting> {
        Setting::named(&self.key)
    }

    /// Whether the change is of this setting.
    #[must_use]
    pub fn is_of(&self, setting: &Setting) -> bool {
        self.key == setting.key
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let label = self.setting().map_or(self.key.as_str(), |setting| setting.label);
        write!(f, "{label} {} → {}", plain(&self.from), plain(&self.to))
    }
}

impl RunConfig {
    /// Parses a whole configuration; missing keys take the default preset's values.
    ///
    /// # Errors
    /// The first key that is unknown, of the wrong type or out of range, or the syntax error; or the
    /// data file is missing, malformed, or not the one of the recorded hash.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::from_toml_in(text, Path::new(""))
    }

    /// As [`Self::from_toml`]; a relative path of a data file begins at `folder`.
    ///
    /// # Errors
    /// As [`Self::from_toml`].
    pub fn from_toml_in(text: &str, folder: &Path) -> Result<Self, ConfigError> {
        let mut config = Self::parsed(text)?;
        if config.task.name == TaskSource::File && !config.task.path.is_empty() {
            let path = folder.join(&config.task.path);
            config.task.path = path.to_string_lossy().into_owned();
        }
        config.resolve_file()?;
        config.validate()?;
        Ok(config)
    }

    /// Parses the configuration that a run recorded, to show the run: as [`Self::from_toml`], but its
    /// data file is not opened and may be gone.
    ///
    /// # Errors
    /// As [`Self::from_toml`].
    pub fn from_record(text: &str) -> Result<Self, ConfigError> {
        let config = Self::parsed(text)?;
        if config.task.name != TaskSource::File || config.task.sha256.is_empty() {
            return Self::from_toml(text);
        }
        config.validate_values()?;
        config.validate_changes()?;
        Ok(config)
    }

    fn parsed(text: &str) -> Result<Self, ConfigError> {
        let mut table = toml_table(text)?;
        let changes = table.remove("changes");
        let mut config = Self::default();
        for (key, value) in flattened(table) {
            config.put(&key, &value)?;
        }
        if let Some(changes) = changes {
            if changes.as_array().is_some_and(|changes| changes.len() > MAX_CHANGES) {
                return Err(ConfigError::Conflict(format!(
                    "there are more than {MAX_CHANGES} `[[changes]]`; use fewer"
                )));
            }
            let shown = changes.to_string();
            config.changes =
                changes.try_into().map_err(|e: toml::de::Error| ConfigError::BadValue {
                    key: "changes".into(),
                    value: shown,
                    reason: text::excerpt(&first_line(&e)),
                })?;
        }
        Ok(config)
    }

    /// The configuration as a TOML document that [`Self::from_toml`] reads back unchanged.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// Sets one dotted key and checks the whole configuration.
    ///
    /// # Errors
    /// Unknown key (with the nearest known one), wrong type, value out of range, conflict.
    pub fn set(&mut self, key: &str, value: &Value) -> Result<(), ConfigError> {
        self.set_all([(key, value)])
    }

    /// Sets several dotted keys, then checks the whole configuration once.
    ///
    /// # Errors
    /// As [`Self::set`]; then nothing is set.
    pub fn set_all<'a>(
        &mut self,
        assignments: impl IntoIterator<Item = (&'a str, &'a Value)>,
    ) -> Result<(), ConfigError> {
        let mut changed = self.clone();
        let assignments: Vec<(&str, &Value)> = assignments.into_iter().collect();
        if assignments.iter().any(|(key, _)| *key == DATA_PATH.key) {
            // The recorded hash is that of the file before.
            changed.task.sha256.clear();
        }
        for (key, value) in assignments {
            changed.put(key, value)?;
        }
        changed.resolve_file()?;
        changed.validate()?;
        *self = changed;
        Ok(())
    }

    /// The value at a dotted key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value> {
        Setting::named(key).map(|setting| setting.get(self))
    }

    /// The settings that differ between `self` and `other`, sorted by key.
    #[must_use]
    pub fn changes_to(&self, other: &Self) -> Vec<Change> {
        let differing = Setting::all().filter(|setting| !setting.is_same(self, other));
        let change = |setting: &Setting| Change {
            key: setting.key.to_owned(),
            from: setting.get(self),
            to: setting.get(other),
        };
        let mut changes: Vec<Change> = differing.map(change).collect();
        changes.sort_by(|one, next| one.key.cmp(&next.key));
        changes
    }

    /// Sets one key without validating the configuration.
    pub(super) fn put(&mut self, key: &str, value: &Value) -> Result<(), ConfigError> {
        if let Some(setting) = Setting::named(key) {
            return setting.put(self, value);
        }
        Err(match group_of(key) {
            Some(first) => ConfigError::BadValue {
                key: key.to_owned(),
                value: value.to_string(),
                reason: format!("it is a group of settings, such as `{first}`"),
            },
            None => ConfigError::UnknownKey {
                key: key.to_owned(),
                hint: text::hint(key, Setting::all().map(|setting| setting.key)),
            },
        })
    }
}

/// The first setting of the group with this key; `None` if the key is no group.
fn group_of(key: &str) -> Option<&'static str> {
    let is_below = |below: &str| below.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
    Setting::all().map(|setting| setting.key).find(|below| is_below(below))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{CLIP_MODE, HIDDEN, PEAK_LR, SEED, TASK};
    use crate::config::{Preset, parse_assignment, presets};

    #[test]
    fn every_preset_survives_the_round_trip_through_toml() {
        for Preset { config, .. } in presets() {
            let back = RunConfig::from_toml(&config.to_toml()).unwrap();
            assert_eq!(back, *config);
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let error = RunConfig::from_toml("[live]\npeak_rl = 0.1").unwrap_err();
        assert_eq!(
            error,
            ConfigError::UnknownKey {
                key: "live.peak_rl".into(),
                hint: format!("; did you mean `{PEAK_LR}`?")
            }
        );
        let error = RunConfig::from_toml("sed = 3").unwrap_err();
        assert!(error.to_string().contains("`seed`"), "{error}");
    }

    #[test]
    fn a_wrong_type_names_the_key() {
        let error = RunConfig::from_toml("seed = \"x\"").unwrap_err().to_string();
        assert!(error.contains("`seed`"), "{error}");
        let error = RunConfig::from_toml("[live.clip]\nmode = 3").unwrap_err().to_string();
        assert!(error.contains(&format!("`{CLIP_MODE}`")), "{error}");
    }

    #[test]
    fn an_empty_table_is_refused_as_a_value_and_as_a_group() {
        let needs =
            |setting: &Setting, what: &str| format!("`{setting}` cannot be {{}}: expected {what}");
        let group = format!("it is a group of settings, such as `{PEAK_LR}`");
        for (text, wanted) in [
            ("[live]\npeak_lr = {}", needs(&PEAK_LR, "a number").as_str()),
            ("[seed]", &needs(&SEED, "a whole number")),
            ("[model.hidden]", &needs(&HIDDEN, "widths")),
            ("[banana]", "unknown key `banana`"),
            ("live = 3", &format!("`live` cannot be 3: {group}")),
            ("[live]", &format!("`live` cannot be {{}}: {group}")),
            ("[live]\n[live.clip]\n[task]", "`live.clip` cannot be {}: it is a group"),
            ("[[changes]]\nstep = 3\nset = {}", "the change at step 3 sets nothing"),
        ] {
            let error = RunConfig::from_toml(text).unwrap_err().to_string();
            assert!(error.starts_with(wanted), "{text}: {error}");
        }
        let heading = RunConfig::from_toml("[live]\n[live.clip]\nvalue = 1.0").unwrap();
        assert_eq!(heading, RunConfig::default());
    }

    #[test]
    fn a_long_input_is_refused_in_a_short_sentence() {
        let long = "k".repeat(1_000_000);
        for text in [
            format!("{long} = 1"),
            format!("name = \"{long}\""),
            format!("loss = \"{long}\""),
            format!("seed = \"{long}\""),
            long.clone(),
            format!("seed = {long}"),
            format!("changes = \"{long}\""),
            format!("[model]\nhidden = [{}]", "1,".repeat(100_000)),
        ] {
            let error = RunConfig::from_toml(&text).unwrap_err().to_string();
            assert!(error.chars().count() < 400, "{}", text::excerpt(&error));
        }
        assert!(parse_assignment(&long).unwrap_err().to_string().len() < 400);
    }

    #[test]
    fn a_whole_number_stands_for_a_float_where_one_is_wanted() {
        let mut config = RunConfig::default();
        config.set(PEAK_LR.key, &Value::Integer(1)).unwrap();
        assert_eq!(config.live.peak_lr, 1.0);
    }

    #[test]
    fn changes_say_from_and_to() {
        let a = RunConfig::default();
        let mut b = a.clone();
        b.live.peak_lr = 0.05;
        let changes = a.changes_to(&b);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].to_string(), "Learning rate 0.1 → 0.05");
    }

    #[test]
    fn a_dated_change_of_something_not_live_is_refused() {
        let text = format!("[[changes]]\nstep = 3\nset = {{ \"{TASK}\" = \"digits\" }}");
        assert!(RunConfig::from_toml(&text).unwrap_err().to_string().contains("mid-run"));
    }
}
