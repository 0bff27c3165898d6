//! Builds the configuration from a preset or file and the options on top of it.

use std::path::Path;

use crate::cli::args::{RunArgs, StartArgs};
use crate::cli::error::CliError;
use crate::config::settings::{N_STEPS, PEAK_LR};
use crate::config::{
    ConfigError, DatedChange, RunConfig, parse_assignment, preset, unknown_preset,
};
use crate::cost;
use crate::platform::console::complain;
use crate::platform::files;
use crate::platform::threads;
use crate::store::{PresetFolder, Start, StartFile};
use crate::text::excerpt;
use crate::train::TrainError;

impl StartArgs {
    /// The configuration of these arguments, validated.
    pub(in crate::cli) fn config(&self) -> Result<RunConfig, CliError> {
        self.start_with(&[]).map(|start| start.config)
    }

    /// As [`Self::config`]; prints the configuration's notices to stderr.
    pub(in crate::cli) fn config_with_notices(&self) -> Result<RunConfig, CliError> {
        let config = self.config()?;
        config.notices().iter().for_each(|notice| complain(&format!("note: {notice}")));
        Ok(config)
    }

    /// The configuration with more assignments; prints what is to be known of its file to stderr.
    fn start_with(&self, more: &[String]) -> Result<Start, CliError> {
        let Start { mut config, data_hash, notices } = self.named_source()?;
        for notice in &notices {
            complain(&format!("note: {notice}"));
        }
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
        config.add_changes(self.dated_changes()?);
        config.validate()?;
        cost::check(&config, threads::available()).map_err(TrainError::from)?;
        // With another seed or task, other data are no surprise.
        let data_hash = data_hash.filter(|_| self.set.is_empty() && self.seed.is_none());
        Ok(Start { config, data_hash, notices })
    }

    /// What the first argument names.
    fn named_source(&self) -> Result<Start, CliError> {
        let source = self.source.as_deref();
        if let Some(path) = source.filter(|source| is_start_file(source)).map(Path::new) {
            return Ok(StartFile::read(path)?.choose(self.run.as_deref())?);
        }
        if self.run.is_some() {
            return Err(CliError::NoRunToChoose);
        }
        let config = source.map_or_else(|| Ok(RunConfig::default()), find_preset)?;
        Ok(Start { config, data_hash: None, notices: Vec::new() })
    }

    /// The changes of all `--at` options, in the order given.
    fn dated_changes(&self) -> Result<Vec<DatedChange>, ConfigError> {
        let pairs = self.at.chunks(2).map(|pair| {
            let (step, text) = (pair[0].as_str(), pair.last().map_or("", String::as_str));
            let bad = || {
                ConfigError::Conflict(format!(
                    "`{}` is not a step; write --at STEP KEY=VALUE, for example \
                     --at 500 {PEAK_LR}=0.05",
                    excerpt(step)
                ))
            };
            let step = step.parse().map_err(|_| bad())?;
            Ok(DatedChange { step, set: [parse_assignment(text)?].into() })
        });
        pairs.collect()
    }
}

impl RunArgs {
    /// The same with `--steps`, and the hash of the data that the run is to have.
    pub(in crate::cli) fn start(&self) -> Result<Start, CliError> {
        let steps: Vec<_> = self.steps.iter().map(|steps| format!("{N_STEPS}={steps}")).collect();
        self.start.start_with(&steps)
    }
}

/// Whether the argument names a file or folder that a run can start from, not a preset.
fn is_start_file(source: &str) -> bool {
    let path = Path::new(source);
    is_file_path(source)
        || StartFile::is_carrier(path)
        || preset(source).is_err() && files::is_dir(path)
}

/// The built-in preset with this name, or the user's own.
pub(in crate::cli) fn find_preset(name: &str) -> Result<RunConfig, CliError> {
    if let Ok(built_in) = preset(name) {
        return Ok(built_in.config.clone());
    }
    let folder = PresetFolder::for_user();
    let own = folder.as_ref().map_or(Ok(None), |folder| folder.find(name))?;
    let names = || folder.map(|folder| folder.names()).unwrap_or_default();
    Ok(own.ok_or_else(|| unknown_preset(name, &names()))?)
}

/// Whether the argument is a path: it ends in `.toml`, contains a folder, or is an existing file.
pub(in crate::cli) fn is_file_path(source: &str) -> bool {
    let path = Path::new(source);
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("toml"))
        || path.components().count() > 1
        || files::exists(path) && !files::is_dir(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::BuiltinTask;
    use crate::config::settings::CLIP_MODE;

    fn start(source: Option<&str>, set: &[&str]) -> StartArgs {
        StartArgs {
            source: source.map(str::to_owned),
            set: set.iter().map(|text| (*text).to_owned()).collect(),
            run: None,
            seed: None,
            at: Vec::new(),
        }
    }

    #[test]
    fn assignments_are_validated_together() {
        let set = ["task.name=digits", "task.n_train=1500", "seed=7"];
        let args = StartArgs { seed: Some("8".into()), ..start(Some("fashion-edge"), &set) };
        let config = args.config().unwrap();
        assert_eq!(
            (config.task.name, config.task.n_train, config.seed),
            (BuiltinTask::Digits.into(), 1500, 8)
        );
        let set = ["task.n_train=5000", "task.name=digits", "task.n_train=100"];
        assert_eq!(start(None, &set).config().unwrap().task.n_train, 100);
    }

    #[test]
    fn an_invalid_seed_is_refused_by_key() {
        let args = StartArgs { seed: Some("many".into()), ..start(None, &[]) };
        assert!(args.config().unwrap_err().to_string().contains("`seed`"));
    }

    /// The configuration that these words of a command line give.
    fn read_back(words: &[String]) -> RunConfig {
        use clap::Parser;
        let args = crate::cli::args::Args::try_parse_from(words).unwrap();
        assert!(args.command.is_none(), "the window's own");
        args.start.config().unwrap()
    }

    #[test]
    fn the_command_of_a_configuration_reproduces_it() {
        use toml::Value;
        for preset in crate::config::presets() {
            let mut config = preset.config.clone();
            config.seed += 12;
            config.n_steps = 123;
            config.live.peak_lr = 0.1 + 0.2;
            config.live.pace = crate::config::Pace::One;
            config.model.hidden = vec![7, 5];
            let set = |key: &str, value| (key.to_owned(), value);
            let dated = |step, set| DatedChange { step, set };
            let rate = set(PEAK_LR.key, Value::Float(1.0 / 3.0));
            let mode = set(CLIP_MODE.key, Value::String("relative".into()));
            config.add_changes([dated(40, [rate.clone()].into()), dated(9, [mode, rate].into())]);
            assert_eq!(read_back(&config.command()), config);
            config.name = "it's \"mine\", $HOME; -x".into();
            assert_eq!(read_back(&config.command()), config);
        }
    }

    #[test]
    fn an_invalid_dated_change_is_refused_by_name() {
        let known = format!("`{PEAK_LR}`");
        for (at, wanted) in [
            (["soon", format!("{PEAK_LR}=1").as_str()], "`soon` is not a step"),
            (["5", "live.peak_rl=1"], known.as_str()),
            (["5", "seed=3"], "`seed`, which cannot change mid-run"),
            (["5", PEAK_LR.key], "key=value"),
        ] {
            let args = StartArgs { at: at.map(str::to_owned).into(), ..start(None, &[]) };
            let error = args.config().unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }

    #[test]
    fn a_file_is_known_by_its_ending_or_its_folder() {
        assert!(is_file_path("x.toml") && is_file_path("runs/a/config.toml"));
        assert!(!is_file_path("blowup"));
    }
}
