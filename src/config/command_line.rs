//! The command line that reproduces a configuration, dated changes included.

use toml::Value;

use super::{RunConfig, parse_assignment, preset, settings};

impl RunConfig {
    /// The words of a command that opens a window with this configuration:
    /// `eoscope PRESET --seed N --set KEY=VALUE --at STEP KEY=VALUE`.
    ///
    /// A configuration that comes from no built-in preset is written as its differences from the
    /// default one, so the command works on any machine.
    #[must_use]
    pub fn command(&self) -> Vec<String> {
        let base = self.base();
        let mut words: Vec<String> = ["eoscope", &base.name, "--seed"].map(str::to_owned).into();
        words.push(self.seed.to_string());
        for change in base.changes_to(self) {
            if !change.is_of(&settings::SEED) {
                words.extend(["--set".to_owned(), assignment(&change.key, &change.to)]);
            }
        }
        for dated in &self.changes {
            for (key, value) in &dated.set {
                let step = dated.step.to_string();
                words.extend(["--at".to_owned(), step, assignment(key, value)]);
            }
        }
        words
    }

    /// The configuration that [`Self::command`] starts from: the built-in preset of this name if it
    /// has no dated changes, else the default configuration.
    #[must_use]
    pub fn base(&self) -> Self {
        let base = preset(&self.name).ok().map(|row| &row.config);
        // The command line can add dated changes but not remove those of a preset.
        base.filter(|base| base.changes.is_empty()).cloned().unwrap_or_default()
    }

    /// [`Self::command`] as one line for a POSIX shell.
    #[must_use]
    pub fn command_line(&self) -> String {
        self.command().iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

/// `key=value` that [`parse_assignment`] parses back to the same value; quoted only if the bare
/// word would parse differently.
fn assignment(key: &str, value: &Value) -> String {
    let bare = value.as_str().map(|word| format!("{key}={word}"));
    let is_read_back = |text: &String| {
        parse_assignment(text).is_ok_and(|(name, read)| name == key && read == *value)
    };
    bare.filter(is_read_back).unwrap_or_else(|| format!("{key}={value}"))
}

/// A word quoted for a POSIX shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+%@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_lists_the_differences_from_its_preset() {
        let mut config = preset("blowup").unwrap().config.clone();
        config.live.warmup.steps = 256;
        config.model.hidden = vec![64, 16];
        config.seed = 7;
        let (warmup, hidden) = (&settings::WARMUP_STEPS, &settings::HIDDEN);
        let set = format!("--set {warmup}=256 --set '{hidden}=[64, 16]'");
        assert_eq!(config.command_line(), format!("eoscope blowup --seed 7 {set}"));
    }

    #[test]
    fn assignments_are_read_back_as_they_were() {
        let words = ["digits", "1", "true", "it's", "a \"b\"", "two\nlines", " ", "off", "", "nan"];
        let texts = words.map(|word| Value::String(word.to_owned()));
        let numbers = [0.1, 1.0, 1e-7, 1.0 / 3.0, 1e22, 0.1 + 0.2].map(Value::Float);
        for value in texts.into_iter().chain(numbers) {
            let (_, back) = parse_assignment(&assignment("name", &value)).unwrap();
            assert_eq!(back, value);
        }
    }

    #[test]
    fn a_shell_reads_every_word_back() {
        assert_eq!(quoted("a=b,c"), "a=b,c");
        assert_eq!(quoted("it's $HOME"), "'it'\\''s $HOME'");
        assert_eq!(quoted(""), "''");
    }
}
