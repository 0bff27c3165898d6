//! The configuration to begin with: a preset or a file, and what was set on top of it.
//! Does not start anything.

use std::path::Path;

use super::args::{RunArgs, StartArgs};
use super::error::CliError;
use crate::config::{ConfigError, RunConfig, parse_assignment, preset};
use crate::store;

impl StartArgs {
    /// The configuration asked for, checked.
    pub(super) fn config(&self) -> Result<RunConfig, CliError> {
        self.config_and(&[])
    }

    fn config_and(&self, more: &[String]) -> Result<RunConfig, CliError> {
        let mut config = match &self.source {
            None => RunConfig::default(),
            Some(source) if names_a_file(source) => store::read_config(Path::new(source))?,
            Some(source) => preset(source)?.config.clone(),
        };
        let seed = self.seed.iter().map(|seed| format!("seed={seed}"));
        let assignments = self
            .set
            .iter()
            .cloned()
            .chain(seed)
            .chain(more.iter().cloned())
            .map(|text| parse_assignment(&text))
            .collect::<Result<Vec<_>, ConfigError>>()?;
        config.set_all(assignments.iter().map(|(key, value)| (key.as_str(), value)))?;
        Ok(config)
    }
}

impl RunArgs {
    /// The configuration asked for, checked.
    pub(super) fn config(&self) -> Result<RunConfig, CliError> {
        let steps: Vec<_> = self.steps.iter().map(|steps| format!("n_steps={steps}")).collect();
        self.start.config_and(&steps)
    }
}

/// Whether this means a file: by its ending, by a folder in it, or because it is there.
fn names_a_file(source: &str) -> bool {
    let path = Path::new(source);
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("toml"))
        || path.components().count() > 1
        || path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TaskName;

    fn start(source: Option<&str>, set: &[&str]) -> StartArgs {
        StartArgs {
            source: source.map(str::to_owned),
            set: set.iter().map(|text| (*text).to_owned()).collect(),
            seed: None,
        }
    }

    #[test]
    fn what_is_set_is_checked_only_as_a_whole() {
        let set = ["task.name=digits", "task.n_train=1500", "seed=7"];
        let args = StartArgs { seed: Some("8".into()), ..start(Some("fashion-edge"), &set) };
        let config = args.config().unwrap();
        assert_eq!(
            (config.task.name, config.task.n_train, config.seed),
            (TaskName::Digits, 1500, 8)
        );
        let set = ["task.n_train=5000", "task.name=digits", "task.n_train=100"];
        assert_eq!(start(None, &set).config().unwrap().task.n_train, 100);
    }

    #[test]
    fn a_seed_that_is_no_number_names_the_key() {
        let args = StartArgs { seed: Some("many".into()), ..start(None, &[]) };
        assert!(args.config().unwrap_err().to_string().contains("`seed`"));
    }

    #[test]
    fn a_file_is_known_by_its_ending_or_its_folder() {
        assert!(names_a_file("x.toml") && names_a_file("runs/a/config.toml"));
        assert!(!names_a_file("blowup"));
    }
}
