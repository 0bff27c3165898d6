//! The folder of a run in progress: takes the run's events and keeps the files up to date. Never
//! overwrites another run.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::checkpoint::{self, Tensor};
use super::events::{changes, doubts};
use super::file_names::{CONFIG, EVENTS, METRICS, SUMMARY};
use super::preparation_file::PreparationFile;
use super::summary::Summary;
use crate::config::RunConfig;
use crate::export::csv as form;
use crate::history::SettingsLog;
use crate::platform::files;
use crate::protocol::{EndKind, Event, Record, RunEnd, RunFacts};
use crate::quantity::{self, Quantity};
use crate::sample::NamedTensor;
use crate::store::StoreError;
use crate::store::file_kinds::{
    LineFile, blank, csv_lines, read_user_text, set_aside, write_atomically,
};
use crate::text;

/// The folder of a run in progress.
#[derive(Debug)]
pub struct RunFolder {
    dir: PathBuf,
    settings: SettingsLog,
    metrics: LineFile,
    events: LineFile,
    preparation: PreparationFile,
    summary: Summary,
}

/// Creates a new folder for a run: the first free name of `parent/name`, `parent/name-2`, …
pub(in crate::store) fn create_unused_dir(
    parent: &Path,
    name: &str,
) -> Result<PathBuf, StoreError> {
    files::create_dir_all(parent).map_err(StoreError::write(parent))?;
    let name = text::file_name(name);
    let mut dir = parent.join(&name);
    let mut n: u32 = 1;
    // Tries to create instead of looking first, so that of several runs that start together each
    // gets its own folder.
    while let Err(error) = files::create_dir(&dir) {
        if error.kind() != ErrorKind::AlreadyExists {
            return Err(StoreError::write(&dir)(error));
        }
        n += 1;
        dir = parent.join(format!("{name}-{n}"));
    }
    Ok(dir)
}

/// Checks that a run can be written to `dir`: it does not exist yet, or holds no run.
///
/// # Errors
/// [`StoreError::Occupied`], [`StoreError::NotAFolder`] or [`StoreError::DanglingLink`].
pub fn check_vacant(dir: &Path) -> Result<(), StoreError> {
    if files::is_dangling(dir) {
        return Err(StoreError::DanglingLink(dir.to_owned()));
    }
    let existing = dir.ancestors().find(|part| files::exists(part));
    if let Some(file) = existing.filter(|part| files::is_file(part)) {
        return Err(StoreError::NotAFolder(file.to_owned()));
    }
    if [CONFIG, METRICS, EVENTS, SUMMARY].iter().any(|file| files::exists(&dir.join(file))) {
        return Err(StoreError::Occupied(dir.to_owned()));
    }
    Ok(())
}

/// Whether another program replaced this `config.toml` by one that is not `own`, the run's.
fn is_foreign(path: &Path, own: &RunConfig) -> Result<bool, StoreError> {
    match read_user_text(path) {
        Ok(None) => Ok(false),
        // With a comment or other spaces it is still the run's own.
        Ok(Some(text)) => {
            let parsed = blank(&text).is_none().then(|| RunConfig::from_record(&text));
            let is_equal = parsed.is_some_and(|found| found.is_ok_and(|found| found == *own));
            Ok(!is_equal && text != own.to_toml())
        }
        Err(error @ StoreError::Read { .. }) => Err(error),
        // A folder, a pipe, too large a file, or no text.
        Err(_) => Ok(true),
    }
}

impl RunFolder {
    /// Creates the folder and its files, with status `running`.
    ///
    /// # Errors
    /// As [`check_vacant`], or a failed write.
    pub fn create(dir: &Path, config: &RunConfig, facts: &RunFacts) -> Result<Self, StoreError> {
        check_vacant(dir)?;
        files::create_dir_all(dir).map_err(StoreError::write(dir))?;
        let path = dir.join(CONFIG);
        // Creating the first file claims the folder: of two runs told to write here, one succeeds.
        files::create_new(&path, config.to_toml().as_bytes()).map_err(|error| {
            if error.kind() == ErrorKind::AlreadyExists {
                StoreError::Occupied(dir.to_owned())
            } else {
                StoreError::write(&path)(error)
            }
        })?;
        let mut summary = Summary::new(config, facts);
        let begin = || {
            summary.write(&dir.join(SUMMARY))?;
            let mut metrics = LineFile::create(&dir.join(METRICS))?;
            metrics.append(&csv_lines(std::iter::once(form::header())))?;
            Ok((metrics, LineFile::create(&dir.join(EVENTS))?))
        };
        let (metrics, events) =
            begin().inspect_err(|error| summary.fail(&dir.join(SUMMARY), error))?;
        Ok(Self {
            metrics,
            events,
            dir: dir.to_owned(),
            settings: SettingsLog::new(config.clone()),
            preparation: PreparationFile::new(dir),
            summary,
        })
    }

    /// The path of the folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Records one event of the run, passed to the operating system before this returns.
    ///
    /// # Errors
    /// A write failed.
    pub fn record(&mut self, event: &Event) -> Result<(), StoreError> {
        match event {
            // Trials and progress reports are not part of the run.
            Event::Started { .. }
            | Event::Tried { .. }
            | Event::Working { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. } => Ok(()),
            Event::Prepared { records, .. } => self.preparation.append(records),
            Event::PreparationCut { n_iterations, .. } => {
                self.settings.record_tuning_cut(*n_iterations);
                self.events.append(&changes::cut_line(*n_iterations)?)
            }
            Event::Sampled { records, .. } => {
                self.sampled(records)?;
                let doubts = doubts::lines(records)?;
                if doubts.is_empty() { Ok(()) } else { self.events.append(&doubts) }
            }
            Event::Tuned { step, live, source, .. } => {
                let changes = self.settings.record_tuning(*step, live, *source);
                for notice in self.settings.notices() {
                    if !self.summary.notices.contains(&notice) {
                        self.summary.notices.push(notice);
                    }
                }
                self.events.append(&changes::lines(*step, &changes, *source)?)
            }
            Event::Searched { step, search, .. } => {
                self.events.append(&changes::search_line(*step, search)?)
            }
            Event::Ended { step, end, .. } => {
                self.ended(*step, end);
                Ok(())
            }
        }
    }

    /// Writes `checkpoint-<step>.safetensors` beside the other files.
    ///
    /// # Errors
    /// Tensors whose bytes do not fit their shape, or a failed write.
    pub fn save_checkpoint(
        &mut self,
        step: u64,
        tensors: &[NamedTensor],
    ) -> Result<(), StoreError> {
        self.follow_move();
        let stored = tensors.iter().map(|t| Tensor::of(&t.name, &t.shape, &t.values));
        let (stored, config) = (stored.collect::<Vec<_>>(), self.settings.replay().to_toml());
        let written = checkpoint::write(&self.dir, step, &stored, &config);
        // If the folder is gone, that is the error to report.
        written.or_else(|error| self.metrics.check().and(Err(error)))
    }

    /// Closes the folder: `config.toml` now reproduces what happened, and `summary.json` has the
    /// status. A `config.toml` that another program put there is kept under another name.
    ///
    /// A run without an end event counts as stopped.
    ///
    /// # Errors
    /// A write failed, or the files are not as they were written.
    pub fn finish(mut self) -> Result<Summary, StoreError> {
        self.summary.end.get_or_insert(EndKind::Stopped);
        match self.close() {
            Ok(()) => Ok(self.summary),
            Err(error) => {
                self.fail(&error);
                Err(error)
            }
        }
    }

    /// If the folder was moved, continues at its new path, so that files written from now on join
    /// those already open.
    pub(in crate::store) fn follow_move(&mut self) {
        let Some(dir) = self.metrics.moved_to().filter(|dir| files::is_file(&dir.join(CONFIG)))
        else {
            return;
        };
        self.metrics.follow_move(&dir);
        self.events.follow_move(&dir);
        self.preparation.follow_move(&dir);
        self.dir = dir;
    }

    fn close(&mut self) -> Result<(), StoreError> {
        self.preparation.check()?;
        self.metrics.check()?;
        self.events.check()?;
        self.close_config()?;
        self.summary.write(&self.dir.join(SUMMARY))
    }

    /// Leaves a `config.toml` that reproduces what happened, also if another program removed or
    /// replaced the one written at the start.
    fn close_config(&mut self) -> Result<(), StoreError> {
        let path = self.dir.join(CONFIG);
        let (requested, replay) = (self.settings.requested(), self.settings.replay());
        if is_foreign(&path, requested)? {
            let places = (1_u32..).map(|n| self.dir.join(format!("config.foreign-{n}.toml")));
            let aside = set_aside(&path, places)?;
            self.summary.repair_notice = Some(format!(
                "{} was replaced by another program; what it put there is kept as {}, and the run's \
                 own configuration is in its place",
                text::short_path(&path),
                text::short_path(&aside)
            ));
        }
        if replay != *requested || !files::exists(&path) {
            write_atomically(&path, replay.to_toml().as_bytes())?;
        }
        Ok(())
    }

    /// Closes the folder of a run that could not be recorded, with status `failed` and the error.
    pub(in crate::store) fn fail(mut self, error: &StoreError) {
        self.follow_move();
        let Self { dir, mut summary, metrics, events, preparation, .. } = self;
        // Closed first: a program that may open no more files can then open the summary.
        drop((metrics, events, preparation));
        summary.fail(&dir.join(SUMMARY), error);
    }

    fn sampled(&mut self, records: &[Record]) -> Result<(), StoreError> {
        let n_before = self.metrics.n_written();
        let appended = self.metrics.append(&csv_lines(records.iter().map(form::row)));
        // A full disk may have taken some of the rows.
        for record in records.iter().take(self.metrics.n_written() - n_before) {
            for quantity in Quantity::all() {
                if let Some(value) = quantity.read(record) {
                    self.summary.last.set(quantity, value, record.sample.step);
                }
            }
            self.settings.record_step(record.sample.step);
            self.summary.n_steps = record.sample.step + 1;
        }
        appended
    }

    fn ended(&mut self, step: u64, end: &RunEnd) {
        // A failure may be reported without the number of steps taken.
        self.summary.n_steps = match end {
            RunEnd::Failed { .. } => self.summary.n_steps.max(step),
            RunEnd::Finished | RunEnd::Stopped | RunEnd::Diverged { .. } => step,
        };
        self.summary.end = Some(end.kind());
        match end {
            RunEnd::Diverged { loss } => {
                self.summary.last.set(quantity::LOSS, *loss, step);
            }
            RunEnd::Failed { message } => self.summary.message = Some(message.clone()),
            RunEnd::Finished | RunEnd::Stopped => {}
        }
    }
}
