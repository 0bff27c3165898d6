//! The history of one run: settings, series, markers and status.

use crate::config::{RunConfig, settings};
use crate::protocol::{
    Event, Preparation, Record, RunEnd, RunFacts, RunId, Search, Source, Trials, Work,
};
use crate::quantity::Quantity;

use super::doubts::Doubted;
use super::marker::Marker;
use super::narration::TurningPoints;
use super::series::Series;
use super::series_set::{Crossing, SeriesSet};
use super::settings_log::SettingsLog;

/// Status of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// Requested; no event has arrived.
    Starting,
    /// Training.
    Running,
    /// Paused.
    Paused,
    /// Ended.
    Ended(RunEnd),
}

/// The history of one run.
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
    /// Learning rate searches, each with the step it started from.
    searches: Vec<(u64, Search)>,
    /// The latest trials, with the step they start from.
    trials: Option<(u64, Trials)>,
    /// Doubts raised by audits, oldest first.
    doubts: Vec<Doubted>,
    turning_points: TurningPoints,
    last: Option<Record>,
    last_measured: Option<Record>,
    working: Option<Work>,
}

impl Run {
    /// A run that was requested and has not started.
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
            turning_points: TurningPoints::default(),
            last: None,
            last_measured: None,
            working: None,
        }
    }

    /// Applies one event; an event of another run is ignored.
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
                self.settings.record_tuning_cut(*n_iterations);
            }
            Event::Sampled { records, .. } => records.iter().for_each(|record| self.record(record)),
            Event::Tuned { step, live, source, .. } => {
                let before = self.settings.current().clone();
                let changes = self.settings.record_tuning(*step, live, *source);
                let now = self.settings.current();
                let is_acting = changes.iter().any(|c| now.is_trained_by(c, &before, *step));
                let intervals = [before.live.probe.every, live.probe.every];
                self.turning_points.change(*step, is_acting, intervals);
                self.mark(Marker {
                    step: *step,
                    until: *step,
                    changes,
                    source: *source,
                    is_acting,
                });
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
        self.turning_points.record(record, self.settings.current().live.probe.tolerance);
        self.settings.record_step(record.sample.step);
        self.n_steps = record.sample.step + 1;
        if record.sample.curvature.as_ref().is_some_and(|curvature| !curvature.top.is_empty()) {
            self.last_measured = Some(record.clone());
        }
        self.last = Some(record.clone());
    }

    /// Adds a marker, or extends the last one if it belongs to the same drag. A change before the
    /// first step gets no marker.
    fn mark(&mut self, mut new: Marker) {
        new.changes.retain(|change| !change.is_of(&settings::PACE));
        if new.step == 0 {
            return;
        }
        let is_same_drag = matches!(
            (new.source, self.markers.last()),
            (Source::User(_), Some(last)) if last.source == new.source
        );
        if !is_same_drag {
            if !new.changes.is_empty() {
                self.markers.push(new);
            }
            return;
        }
        let Some(mut marker) = self.markers.pop() else { return };
        if !new.changes.is_empty() {
            marker.until = new.step;
        }
        marker.is_acting |= new.is_acting;
        for change in new.changes {
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

    /// The configuration that reproduces this run; see [`SettingsLog::replay`].
    #[must_use]
    pub fn replay(&self) -> RunConfig {
        self.settings.replay()
    }

    /// The configuration that gives the steps taken so far; see [`SettingsLog::so_far`].
    #[must_use]
    pub fn so_far(&self) -> RunConfig {
        self.settings.so_far()
    }

    /// A sentence for each setting that misleads or has no effect in this run.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        self.settings.notices()
    }

    /// Iterations after which the user ended the tuning of the initial weights, if so.
    #[must_use]
    pub fn tuning_cut(&self) -> Option<u64> {
        self.settings.tuning_cut()
    }

    /// Identity of the run while the program runs.
    #[must_use]
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Settings at the first step.
    #[must_use]
    pub fn initial_config(&self) -> &RunConfig {
        self.settings.at_start()
    }

    /// Current settings: live changes applied, scheduled changes still listed.
    #[must_use]
    pub fn config(&self) -> &RunConfig {
        self.settings.current()
    }

    /// Facts that do not change during the run; `None` before it has started.
    #[must_use]
    pub fn facts(&self) -> Option<&RunFacts> {
        self.facts.as_ref()
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// How the run ended; `None` before.
    #[must_use]
    pub fn end(&self) -> Option<&RunEnd> {
        match &self.status {
            Status::Ended(end) => Some(end),
            Status::Starting | Status::Running | Status::Paused => None,
        }
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.end().is_some()
    }

    /// Whether the run diverged.
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
    /// gradient was clipped; empty for quantities that clipping does not change.
    #[must_use]
    pub fn series_where_clipped(&self, quantity: Quantity) -> &Series {
        self.series_set.where_clipped(quantity)
    }

    /// Effective time at every recorded step: the sum of the effective learning rates of the steps
    /// before.
    #[must_use]
    pub fn effective_time(&self) -> &Series {
        &self.series_set.effective_time
    }

    /// Seconds spent in the steps before every recorded one, including measurements, excluding
    /// pauses.
    #[must_use]
    pub fn training_secs(&self) -> &Series {
        &self.series_set.training_secs
    }

    /// Memory of the series, in bytes; see [`crate::history`] for the use per step.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.series_set.bytes()
    }

    /// All changes of settings so far, one marker per drag.
    #[must_use]
    pub fn markers(&self) -> &[Marker] {
        &self.markers
    }

    /// Learning rate searches so far, each with the step it started from.
    #[must_use]
    pub fn searches(&self) -> &[(u64, Search)] {
        &self.searches
    }

    /// The latest trials of settings, with the step they start from.
    #[must_use]
    pub fn trials(&self) -> Option<&(u64, Trials)> {
        self.trials.as_ref()
    }

    /// Doubts raised by audits, oldest first.
    #[must_use]
    pub fn doubts(&self) -> &[Doubted] {
        &self.doubts
    }

    /// The turning points so far.
    pub(super) fn turning_points(&self) -> &TurningPoints {
        &self.turning_points
    }

    /// The latest record.
    #[must_use]
    pub fn last(&self) -> Option<&Record> {
        self.last.as_ref()
    }

    /// The work before the next record, if it takes long.
    #[must_use]
    pub fn working(&self) -> Option<Work> {
        self.working
    }

    /// The latest record with measured leading eigenvalues.
    #[must_use]
    pub fn last_measured(&self) -> Option<&Record> {
        self.last_measured.as_ref()
    }

    /// The period above the stability limit that lasts until now, if the latest ratio is above 1.
    #[must_use]
    pub fn crossing(&self) -> Option<Crossing> {
        self.series_set.crossing
    }
}

#[cfg(test)]
mod tests;
