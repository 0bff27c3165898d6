//! A run folder while its run goes on: it takes the run's events and keeps the files true.
//! Does not read a folder back, and never writes over another run.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::preparation::PreparationFile;
use super::{
    CONFIG, EVENTS, METRICS, Outcome, SUMMARY, StoreError, Summary, Tensor, changes, checkpoint,
    disk,
};
use crate::config::{Change, DatedChange, RunConfig};
use crate::export::csv as form;
use crate::history::QUANTITIES;
use crate::protocol::{Event, Record, RunFacts, Source, StopReason};
use crate::text;

/// The folder of one run under way.
#[derive(Debug)]
pub struct RunFolder {
    dir: PathBuf,
    initial: RunConfig,
    current: RunConfig,
    person_changes: Vec<DatedChange>,
    metrics: csv::Writer<File>,
    events: File,
    preparation: PreparationFile,
    tuning_cut: Option<u64>,
    summary: Summary,
}

/// The first of `parent/name`, `parent/name-2`, ... that is not there yet.
#[must_use]
pub fn free_dir(parent: &Path, name: &str) -> PathBuf {
    let name = text::file_name(name);
    let numbered = (2_u32..).map(|n| parent.join(format!("{name}-{n}")));
    let mut candidates = std::iter::once(parent.join(&name)).chain(numbered);
    candidates.find(|path| !path.exists()).unwrap_or_default()
}

/// Whether a run can be written to `dir`: it is not there yet, or holds no run.
///
/// # Errors
/// [`StoreError::Occupied`] or [`StoreError::NotAFolder`].
pub fn check_vacant(dir: &Path) -> Result<(), StoreError> {
    let existing = dir.ancestors().find(|part| part.exists());
    if let Some(file) = existing.filter(|part| part.is_file()) {
        return Err(StoreError::NotAFolder(file.to_owned()));
    }
    if [CONFIG, METRICS, EVENTS, SUMMARY].iter().any(|file| dir.join(file).exists()) {
        return Err(StoreError::Occupied(dir.to_owned()));
    }
    Ok(())
}

impl RunFolder {
    /// Makes the folder and its files, with `status` running.
    ///
    /// # Errors
    /// A folder that holds a run, a file in its place, or what the system says.
    pub fn create(dir: &Path, config: &RunConfig, facts: &RunFacts) -> Result<Self, StoreError> {
        check_vacant(dir)?;
        fs::create_dir_all(dir).map_err(StoreError::write(dir))?;
        let new_file = |name: &str| {
            let path = dir.join(name);
            File::create_new(&path).map_err(StoreError::write(&path))
        };
        let mut folder = Self {
            metrics: csv::Writer::from_writer(new_file(METRICS)?),
            events: new_file(EVENTS)?,
            dir: dir.to_owned(),
            initial: config.clone(),
            current: config.clone(),
            person_changes: Vec::new(),
            preparation: PreparationFile::new(dir),
            tuning_cut: None,
            summary: Summary::new(config, facts),
        };
        disk::write_whole(&dir.join(CONFIG), config.to_toml().as_bytes())?;
        folder.write_rows(std::iter::once(form::header()))?;
        folder.summary.write(&dir.join(SUMMARY))?;
        Ok(folder)
    }

    /// Where it is.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Takes in one event of its run; what it says is with the system when this returns.
    ///
    /// # Errors
    /// What the system says about writing.
    pub fn record(&mut self, event: &Event) -> Result<(), StoreError> {
        match event {
            // Trials are no part of the run.
            Event::Started { .. }
            | Event::Tried { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. } => Ok(()),
            Event::Prepared { records, .. } => self.preparation.append(records),
            Event::PreparationCut { n_iterations, .. } => {
                self.tuning_cut = Some(*n_iterations);
                changes::append_cut(&self.events, *n_iterations)
                    .map_err(StoreError::write(&self.dir.join(EVENTS)))
            }
            Event::Sampled { records, .. } => self.sampled(records),
            Event::Tuned { step, live, source, .. } => {
                let after = RunConfig { live: (**live).clone(), ..self.current.clone() };
                let changes = self.current.changes_to(&after);
                self.current = after;
                self.tuned(*step, &changes, *source)
            }
            Event::Searched { step, search, .. } => {
                changes::append_search(&self.events, *step, search)
                    .map_err(StoreError::write(&self.dir.join(EVENTS)))
            }
            Event::Stopped { step, reason, .. } => {
                self.stopped(*step, reason);
                Ok(())
            }
        }
    }

    /// Writes `checkpoint-<step>.safetensors` beside the other files.
    ///
    /// # Errors
    /// Tensors whose bytes do not fit their shape, or what the system says.
    pub fn save_checkpoint(&self, step: u64, tensors: &[Tensor]) -> Result<(), StoreError> {
        checkpoint::write(&self.dir, step, tensors, &self.repeating_config().to_toml())
    }

    /// Closes the folder: `config.toml` now repeats what happened, and `status` says how it ended.
    ///
    /// A run that never said it stopped was stopped from outside.
    ///
    /// # Errors
    /// What the system says about writing.
    pub fn finish(mut self) -> Result<Summary, StoreError> {
        if self.summary.status == Outcome::Running {
            self.summary.status = Outcome::Stopped;
        }
        self.write_rows(std::iter::empty::<[&str; 0]>())?;
        let repeating = self.repeating_config();
        if repeating != self.initial {
            let text = repeating.to_toml();
            disk::write_whole(&self.dir.join(CONFIG), text.as_bytes())?;
        }
        self.summary.write(&self.dir.join(SUMMARY))?;
        Ok(self.summary)
    }

    fn sampled(&mut self, records: &[Record]) -> Result<(), StoreError> {
        for record in records {
            for quantity in QUANTITIES {
                if let Some(value) = (quantity.read)(record) {
                    self.summary.last.set(quantity.name, value, record.sample.step);
                }
            }
            self.summary.n_steps = record.sample.step + 1;
        }
        self.write_rows(records.iter().map(form::row))
    }

    fn tuned(&mut self, step: u64, changes: &[Change], source: Source) -> Result<(), StoreError> {
        match source {
            Source::Config => {}
            Source::Person(_) => self.remember(step, changes),
        }
        changes::append(&self.events, step, changes, source)
            .map_err(StoreError::write(&self.dir.join(EVENTS)))
    }

    /// Adds a person's changes to those that repeat the run; the pace never changes a number.
    fn remember(&mut self, step: u64, changes: &[Change]) {
        let set: BTreeMap<_, _> = changes
            .iter()
            .filter(|change| change.key != "live.pace")
            .map(|change| (change.key.clone(), change.to.clone()))
            .collect();
        match self.person_changes.last_mut() {
            _ if set.is_empty() => {}
            Some(last) if last.step == step => last.set.extend(set),
            _ => self.person_changes.push(DatedChange { step, set }),
        }
    }

    fn stopped(&mut self, step: u64, reason: &StopReason) {
        // A failure may be told by somebody who has not counted.
        self.summary.n_steps = match reason {
            StopReason::Failed { .. } => self.summary.n_steps.max(step),
            StopReason::Finished | StopReason::Requested | StopReason::Diverged { .. } => step,
        };
        self.summary.status = Outcome::from(reason);
        match reason {
            StopReason::Diverged { loss } => {
                self.summary.last.set("loss", *loss, step);
            }
            StopReason::Failed { message } => self.summary.message = Some(message.clone()),
            StopReason::Finished | StopReason::Requested => {}
        }
    }

    /// The configuration with the person's changes among its own, in order of step, and as many
    /// iterations of tuning as the person let it have.
    fn repeating_config(&self) -> RunConfig {
        let mut config = self.initial.clone();
        config.init.tuning_steps = self.tuning_cut.unwrap_or(config.init.tuning_steps);
        config.changes.extend(self.person_changes.iter().cloned());
        config.changes.sort_by_key(|change| change.step);
        config
    }

    fn write_rows<R>(&mut self, rows: impl Iterator<Item = R>) -> Result<(), StoreError>
    where
        R: IntoIterator<Item: AsRef<[u8]>>,
    {
        let path = self.dir.join(METRICS);
        for row in rows {
            self.metrics
                .write_record(row)
                .map_err(|error| StoreError::write(&path)(error.into()))?;
        }
        self.metrics.flush().map_err(StoreError::write(&path))
    }
}
