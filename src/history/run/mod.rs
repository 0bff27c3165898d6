//! One run as known so far: settings, series, markers and how it stands.
//! Changes only by applying the run's own events.

use crate::config::{Change, RunConfig, settings};
use crate::protocol::{
    Event, Preparation, Record, RunEnd, RunFacts, RunId, Search, Source, Trials, Work,
};
use crate::quantity::Quantity;

use super::doubts::Doubted;
use super::marker::Marker;
use super::series::Series;
use super::series_set::{Crossing, SeriesSet};
use super::settings_log::SettingsLog;

/// How a run stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// Asked for; nothing heard yet.
    Starting,
    /// Taking steps.
    Running,
    /// TrialsStatus still.
    Paused,
    /// Over.
    Ended(RunEnd),
}

/// Everything known of one run.
#[derive(Clone, Debug)]
pub struct Run {
    id: RunId,
    settings: SettingsLog,
    facts: Option<RunFacts>,
    status: Status,
    n_steps: u64,
    pub(super) preparation: Vec<Preparation>,
    series_set: SeriesSet,
    markers: Vec<Marker>,
    /// Searches for a rate, with the step that they began from.
    searches: Vec<(u64, Search)>,
    /// The newest trials beside it, with the step that they begin from.
    trials: Option<(u64, Trials)>,
    /// What audits contradicted, oldest first.
    doubts: Vec<Doubted>,
    last: Option<Record>,
    last_measured: Option<Record>,
    working: Option<Work>,
}

impl Run {
    /// A run that was asked for and has said nothing yet.
    #[must_use]
    pub fn new(id: RunId, config: RunConfig) -> Self {
        Self {
            id,
            settings: SettingsLog::new(config),
            facts: None,
            status: Status::Starting,
            n_steps: 0,
            preparation: Vec::new(),
            series_set: SeriesSet::new(),
            markers: Vec::new(),
            searches: Vec::new(),
            trials: None,
            doubts: Vec::new(),
            last: None,
            last_measured: None,
            working: None,
        }
    }

    /// Takes in one event; one that names another run changes nothing.
    pub fn apply(&mut self, event: &Event) {
        if event.run() != self.id {
            return;
        }
        if !matches!(event, Event::Tried { .. }) {
            self.working = None;
        }
        match event {
            Event::Working { work, .. } => self.working = Some(*work),
            Event::Started { config, facts, .. } => {
                self.settings = SettingsLog::new((**config).clone());
                self.facts = Some((**facts).clone());
                self.status = Status::Running;
            }
            Event::Prepared { records, .. } => self.preparation.extend_from_slice(records),
            Event::PreparationCut { n_iterations, .. } => {
                self.settings.record_tuning_cut(*n_iterations)
            }
            Event::Sampled { records, .. } => records.iter().for_each(|record| self.record(record)),
            Event::Tuned { step, live, source, .. } => {
                let changes = self.settings.record_tuning(*step, live, *source);
                self.mark(*step, changes, *source);
            }
            Event::Searched { step, search, .. } => {
                self.searches.push((*step, (**search).clone()));
            }
            Event::Tried { step, trials, .. } => self.trials = Some((*step, (**trials).clone())),
            Event::Paused { .. } => self.status = Status::Paused,
            Event::Resumed { .. } => self.status = Status::Running,
            Event::Ended { step, end, .. } => {
                self.n_steps = *step;
                self.status = Status::Ended(end.clone());
            }
        }
    }

    fn record(&mut self, record: &Record) {
        self.series_set.record(record);
        self.doubts.extend(Doubted::of(record));
        self.settings.record_step(record.sample.step);
        self.n_steps = record.sample.step + 1;
        if record.sample.curvature.as_ref().is_some_and(|curvature| !curvature.top.is_empty()) {
            self.last_measured = Some(record.clone());
        }
        self.last = Some(record.clone());
    }

    /// Adds a marker, or widens the last one when it is of the same drag; what changes before the
    /// first step is no event of the run.
    fn mark(&mut self, step: u64, mut changes: Vec<Change>, source: Source) {
        changes.retain(|change| !change.is_of(&settings::PACE));
        if step == 0 {
            return;
        }
        let is_same_drag = matches!(
            (source, self.markers.last()),
            (Source::User(_), Some(last)) if last.source == source
        );
        if !is_same_drag {
            if !changes.is_empty() {
                self.markers.push(Marker { step, until: step, changes, source });
            }
            return;
        }
        let Some(mut marker) = self.markers.pop() else { return };
        if !changes.is_empty() {
            marker.until = step;
        }
        for change in changes {
            match marker.changes.iter_mut().find(|known| known.key == change.key) {
                Some(known) => known.to = change.to,
                None => marker.changes.push(change),
            }
        }
        marker.changes.retain(|change| change.from != change.to);
        if !marker.changes.is_empty() {
            self.markers.push(marker);
        }
    }

    /// The configuration that gives this run again with nobody's help; see [`SettingsLog::replay`].
    #[must_use]
    pub fn replay(&self) -> RunConfig {
        self.settings.replay()
    }

    /// Iterations after which somebody ended the tuning of the initial weights, if somebody did.
    #[must_use]
    pub fn tuning_cut(&self) -> Option<u64> {
        self.settings.tuning_cut()
    }

    /// Its name for the life of the program.
    #[must_use]
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Its settings as its first step found them.
    #[must_use]
    pub fn initial_config(&self) -> &RunConfig {
        self.settings.at_start()
    }

    /// Its settings now, live changes included, and its own changes that are still to come.
    #[must_use]
    pub fn config(&self) -> &RunConfig {
        self.settings.current()
    }

    /// What is fixed for its life; `None` until it has started.
    #[must_use]
    pub fn facts(&self) -> Option<&RunFacts> {
        self.facts.as_ref()
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// How it ended; `None` while more will come.
    #[must_use]
    pub fn end(&self) -> Option<&RunEnd> {
        match &self.status {
            Status::Ended(end) => Some(end),
            Status::Starting | Status::Running | Status::Paused => None,
        }
    }

    /// Whether nothing more will come.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.end().is_some()
    }

    /// Whether it diverged.
    #[must_use]
    pub fn has_diverged(&self) -> bool {
        matches!(self.end(), Some(RunEnd::Diverged { .. }))
    }

    /// Steps taken so far.
    #[must_use]
    pub fn n_steps(&self) -> u64 {
        self.n_steps
    }

    /// The series of a quantity.
    #[must_use]
    pub fn series(&self, quantity: Quantity) -> &Series {
        self.series_set.series(quantity)
    }

    /// An effective quantity (`effective_learning_rate`, `effective_threshold`) at the steps whose
    /// gradient was clipped; empty for others, which clipping does not change.
    #[must_use]
    pub fn series_where_clipped(&self, quantity: Quantity) -> &Series {
        self.series_set.where_clipped(quantity)
    }

    /// Effective time at every recorded step: the sum of the effective rates of the steps before.
    #[must_use]
    pub fn effective_time(&self) -> &Series {
        &self.series_set.effective_time
    }

    /// Seconds spent in the steps before every recorded one, measurements included, pauses not.
    #[must_use]
    pub fn training_secs(&self) -> &Series {
        &self.series_set.training_secs
    }

    /// Memory that its series hold, in bytes; see [`crate::history`] for what a step takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.series_set.bytes()
    }

    /// All changes so far, one marker for each drag.
    #[must_use]
    pub fn markers(&self) -> &[Marker] {
        &self.markers
    }

    /// Searches for a learning rate so far, each with the step that it began from.
    #[must_use]
    pub fn searches(&self) -> &[(u64, Search)] {
        &self.searches
    }

    /// The newest trials of settings beside it, with the step that they begin from.
    #[must_use]
    pub fn trials(&self) -> Option<&(u64, Trials)> {
        self.trials.as_ref()
    }

    /// What audits contradicted, oldest first.
    #[must_use]
    pub fn doubts(&self) -> &[Doubted] {
        &self.doubts
    }

    /// The newest record.
    #[must_use]
    pub fn last(&self) -> Option<&Record> {
        self.last.as_ref()
    }

    /// What it works on before its next record, where that takes long.
    #[must_use]
    pub fn working(&self) -> Option<Work> {
        self.working
    }

    /// The newest record whose largest eigenvalues were measured.
    #[must_use]
    pub fn last_measured(&self) -> Option<&Record> {
        self.last_measured.as_ref()
    }

    /// The stretch above the limit that binds which lasts up to now, if the last ratio is above 1.
    #[must_use]
    pub fn crossing(&self) -> Option<Crossing> {
        self.series_set.crossing
    }
}

#[cfg(test)]
mod tests;
