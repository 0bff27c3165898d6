//! Files and folders that a run can start from: a configuration, a run folder, or an exported picture or
//! table, which carries the configurations of its runs.

mod carried_text;

use std::path::{Path, PathBuf};

use super::run::{CONFIG, SUMMARY, Summary};
use super::{StoreError, read_config};
use crate::config::{ConfigError, RunConfig};
use crate::export::{CarriedRun, Provenance, VERSION};
use crate::platform::files;
use crate::text::{excerpt, list, plural, short_path};

use carried_text::Carrier;

/// The most names of runs in a sentence.
const MAX_NAMES: usize = 8;

/// A file or folder with at least one run to start.
#[derive(Debug)]
pub struct StartFile {
    path: PathBuf,
    /// The version that wrote it, if it says so.
    version: Option<String>,
    runs: Vec<StartRun>,
}

/// A run that a file carries.
#[derive(Debug)]
pub struct StartRun {
    /// Its name in the picture or table.
    pub name: String,
    data_hash: Option<String>,
    config: Result<RunConfig, ConfigError>,
}

/// A configuration that was read from a file, to start a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// The configuration.
    pub config: RunConfig,
    /// Hash of the data that the run had, if known.
    pub data_hash: Option<String>,
    /// Sentences for the user, such as about the version that wrote the file.
    pub notices: Vec<String>,
}

impl StartFile {
    /// Reads a file or folder.
    ///
    /// # Errors
    /// It is missing or damaged, or nothing in it repeats a run. An invalid configuration among several is no
    /// error until it is chosen.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        if files::is_dir(path) {
            return Self::of_folder(path);
        }
        let Some(carrier) = Carrier::of(path) else {
            return Ok(Self::single(path, read_config(path)?));
        };
        let text = carrier.text(path)?;
        let problem = |problem| StoreError::Unreadable { path: path.to_owned(), problem };
        let Provenance { version, runs } = Provenance::read(&text).map_err(problem)?;
        let runs = runs.into_iter().map(StartRun::of).collect();
        Ok(Self { path: path.to_owned(), version, runs })
    }

    /// Whether the name of a file is that of a picture or table, which may carry configurations.
    #[must_use]
    pub fn is_carrier(path: &Path) -> bool {
        Carrier::of(path).is_some()
    }

    fn single(path: &Path, config: RunConfig) -> Self {
        let run = StartRun { name: config.name.clone(), data_hash: None, config: Ok(config) };
        Self { path: path.to_owned(), version: None, runs: vec![run] }
    }

    fn of_folder(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(CONFIG);
        if !files::exists(&path) {
            return Err(StoreError::Incomplete { folder: folder.to_owned(), file: CONFIG });
        }
        let mut start = Self::single(folder, read_config(&path)?);
        // Without a summary, as in a folder that is being written, the configuration is all there is.
        if let Ok(Some(summary)) = Summary::read(&folder.join(SUMMARY)) {
            start.version = Some(summary.eoscope_version);
            start.runs[0].data_hash = Some(summary.data_hash).filter(|hash| !hash.is_empty());
        }
        Ok(start)
    }

    /// The runs; the first is the one that a figure is about.
    #[must_use]
    pub fn runs(&self) -> &[StartRun] {
        &self.runs
    }

    /// The run with this number, counted from 1, or this name; the first run without one.
    ///
    /// # Errors
    /// There is no such run, or its configuration is invalid here.
    pub fn choose(mut self, which: Option<&str>) -> Result<Start, StoreError> {
        let at = match which {
            None => 0,
            Some(which) => self.position(which).ok_or_else(|| self.error(self.no_run(which)))?,
        };
        let notices = self.notices(which.is_none()).collect();
        let run = self.runs.swap_remove(at);
        match run.config {
            Ok(config) => Ok(Start { config, data_hash: run.data_hash, notices }),
            Err(source) => Err(self.invalid(&run.name, &source)),
        }
    }

    fn position(&self, which: &str) -> Option<usize> {
        let named = self.runs.iter().position(|run| run.name == which);
        let numbered = || which.parse::<usize>().ok()?.checked_sub(1);
        named.or_else(|| numbered().filter(|at| *at < self.runs.len()))
    }

    fn error(&self, problem: String) -> StoreError {
        StoreError::Unreadable { path: self.path.clone(), problem }
    }

    fn no_run(&self, which: &str) -> String {
        let names = self.names();
        format!("there is no run `{}` in it; its runs are {names}", excerpt(which))
    }

    fn invalid(&self, name: &str, source: &ConfigError) -> StoreError {
        let written = self.other_version();
        let hint = written.map(|version| format!("; use eoscope {version}, which wrote it"));
        let hint = hint.unwrap_or_default();
        let name = excerpt(name);
        self.error(format!("the configuration of its run `{name}` is refused: {source}{hint}"))
    }

    /// The runs by number and name.
    fn names(&self) -> String {
        let named = self.runs.iter().enumerate();
        let named = named.map(|(at, run)| format!("{} ({})", at + 1, run.name));
        let mut names: Vec<String> = named.take(MAX_NAMES).collect();
        if self.runs.len() > MAX_NAMES {
            names.push(format!("{} more", self.runs.len() - MAX_NAMES));
        }
        list(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// The version that wrote the file, unless it is this one.
    fn other_version(&self) -> Option<&str> {
        self.version.as_deref().filter(|version| *version != VERSION)
    }

    /// Sentences about the file: the version that wrote it, and other runs if none was chosen.
    fn notices(&self, is_first: bool) -> impl Iterator<Item = String> {
        let path = short_path(&self.path);
        let version = self.other_version().map(|version| {
            format!(
                "{path} was written by eoscope {version}, and this is {VERSION}: the numbers of the \
                 repeated run can differ"
            )
        });
        let n_runs = self.runs.len();
        let others = (is_first && n_runs > 1).then(|| {
            format!(
                "{path} holds {}: {}; the first is taken, and `--run` with a number or name takes \
                 another",
                plural(n_runs as u64, "run"),
                self.names()
            )
        });
        version.into_iter().chain(others)
    }
}

impl StartRun {
    fn of(carried: CarriedRun) -> Self {
        let config = RunConfig::from_toml(&carried.toml);
        let own_name = || config.as_ref().map_or("?", |config| &config.name).to_owned();
        let name = if carried.name.is_empty() { own_name() } else { carried.name };
        Self { name, data_hash: carried.data_hash, config }
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> Option<&RunConfig> {
        self.config.as_ref().ok()
    }
}
