//! One run as known so far: settings, series, markers and how it stands.
//! Changes only by applying the run's own events.

use crate::config::{DatedChange, RunConfig};
use crate::protocol::{
    Event, Preparation, Record, RunFacts, RunId, Search, Source, StopReason, Trials,
};

use super::doubts::Doubted;
use super::ledger::{Crossing, Ledger};
use super::marker::Marker;
use super::series::Series;

/// How a run stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// Asked for; nothing heard yet.
    Starting,
    /// Taking steps.
    Running,
    /// Standing still.
    Paused,
    /// Over.
    Stopped(StopReason),
}

/// Everything known of one run.
#[derive(Clone, Debug)]
pub struct Run {
    id: RunId,
    initial: RunConfig,
    current: RunConfig,
    facts: Option<RunFacts>,
    status: Status,
    n_steps: u64,
    pub(super) preparation: Vec<Preparation>,
    tuning_cut: Option<u64>,
    ledger: Ledger,
    markers: Vec<Marker>,
    /// What people changed, value by value.
    tunings: Vec<DatedChange>,
    /// Searches for a rate, with the step that they began from.
    searches: Vec<(u64, Search)>,
    /// The newest trials beside it, with the step that they begin from.
    trials: Option<(u64, Trials)>,
    /// What audits contradicted, oldest first.
    doubts: Vec<Doubted>,
    last: Option<Record>,
    last_measured: Option<Record>,
}

impl Run {
    /// A run that was asked for and has said nothing yet.
    #[must_use]
    pub fn new(id: RunId, config: RunConfig) -> Self {
        Self {
            id,
            current: config.clone(),
            initial: config,
            facts: None,
            status: Status::Starting,
            n_steps: 0,
            preparation: Vec::new(),
            tuning_cut: None,
            ledger: Ledger::new(),
            markers: Vec::new(),
            tunings: Vec::new(),
            searches: Vec::new(),
            trials: None,
            doubts: Vec::new(),
            last: None,
            last_measured: None,
        }
    }

    /// Takes in one event; one that names another run changes nothing.
    pub fn apply(&mut self, event: &Event) {
        if event.run() != self.id {
            return;
        }
        match event {
            Event::Started { config, facts, .. } => {
                self.initial = (**config).clone();
                self.current = (**config).clone();
                self.facts = Some((**facts).clone());
                self.status = Status::Running;
            }
            Event::Prepared { records, .. } => self.preparation.extend_from_slice(records),
            Event::PreparationCut { n_iterations, .. } => self.tuning_cut = Some(*n_iterations),
            Event::Sampled { records, .. } => records.iter().for_each(|record| self.record(record)),
            Event::Tuned { step, live, source, .. } => {
                let mut after = self.current.clone();
                after.live = (**live).clone();
                self.mark(*step, &after, *source);
                if let Source::Person(_) = source {
                    self.date(*step, &after);
                }
                self.current = after;
            }
            Event::Searched { step, search, .. } => {
                self.searches.push((*step, (**search).clone()));
            }
            Event::Tried { step, trials, .. } => self.trials = Some((*step, (**trials).clone())),
            Event::Paused { .. } => self.status = Status::Paused,
            Event::Resumed { .. } => self.status = Status::Running,
            Event::Stopped { step, reason, .. } => {
                self.n_steps = *step;
                self.status = Status::Stopped(reason.clone());
            }
        }
    }

    fn record(&mut self, record: &Record) {
        self.ledger.record(record);
        self.doubts.extend(Doubted::of(record));
        self.n_steps = record.sample.step + 1;
        if record.sample.curvature.as_ref().is_some_and(|curvature| !curvature.top.is_empty()) {
            self.last_measured = Some(record.clone());
        }
        self.last = Some(record.clone());
    }

    /// Adds a marker, or widens the last one when it is of the same drag.
    fn mark(&mut self, step: u64, after: &RunConfig, source: Source) {
        let is_same_drag = matches!(
            (source, self.markers.last()),
            (Source::Person(_), Some(last)) if last.source == source
        );
        let mut changes = self.current.changes_to(after);
        changes.retain(|change| change.key != "live.pace");
        if !is_same_drag {
            if !changes.is_empty() {
                self.markers.push(Marker { step, changes, source });
            }
            return;
        }
        let Some(mut marker) = self.markers.pop() else { return };
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

    /// Keeps the values that a person put in force.
    fn date(&mut self, step: u64, after: &RunConfig) {
        let changes = self.current.changes_to(after).into_iter();
        let set = changes.filter(|change| change.key != "live.pace").map(|c| (c.key, c.to));
        let set: std::collections::BTreeMap<_, _> = set.collect();
        match self.tunings.last_mut() {
            Some(last) if last.step == step => last.set.extend(set),
            Some(_) | None if !set.is_empty() => self.tunings.push(DatedChange { step, set }),
            Some(_) | None => {}
        }
    }

    /// The configuration that gives this run again with nobody's help: as it started, with every
    /// change that a person made while it went on as a dated one, and as many iterations of tuning
    /// as a person let it have.
    #[must_use]
    pub fn replay(&self) -> RunConfig {
        let mut config = self.initial.clone();
        config.init.tuning_steps = self.tuning_cut.unwrap_or(config.init.tuning_steps);
        let own = std::mem::take(&mut config.changes);
        // At one step, the run's own changes come into force after a person's.
        config.add_changes(self.tunings.iter().cloned().chain(own));
        config
    }

    /// Iterations after which somebody ended the tuning of the initial weights, if somebody did.
    #[must_use]
    pub fn tuning_cut(&self) -> Option<u64> {
        self.tuning_cut
    }

    /// Its name for the life of the program.
    #[must_use]
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Its settings as it started.
    #[must_use]
    pub fn initial_config(&self) -> &RunConfig {
        &self.initial
    }

    /// Its settings now, live changes included.
    #[must_use]
    pub fn config(&self) -> &RunConfig {
        &self.current
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

    /// Whether nothing more will come.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.status, Status::Stopped(_))
    }

    /// Steps taken so far.
    #[must_use]
    pub fn n_steps(&self) -> u64 {
        self.n_steps
    }

    /// The series of a quantity by its CSV name; empty for an unknown name.
    #[must_use]
    pub fn series(&self, name: &str) -> &Series {
        self.ledger.series(name)
    }

    /// An effective quantity (`effective_learning_rate`, `effective_threshold`) at the steps whose
    /// gradient was clipped; empty for others, which clipping does not change.
    #[must_use]
    pub fn series_where_clipped(&self, name: &str) -> &Series {
        self.ledger.where_clipped(name)
    }

    /// Effective time at every recorded step: the sum of the effective rates of the steps before.
    #[must_use]
    pub fn effective_time(&self) -> &Series {
        &self.ledger.effective_time
    }

    /// Seconds spent in the steps before every recorded one, measurements included, pauses not.
    #[must_use]
    pub fn training_secs(&self) -> &Series {
        &self.ledger.training_secs
    }

    /// Memory that its series hold, in bytes; see [`crate::history`] for what a step takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.ledger.bytes()
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

    /// The newest record with a curvature measurement.
    #[must_use]
    pub fn last_measured(&self) -> Option<&Record> {
        self.last_measured.as_ref()
    }

    /// The stretch above the threshold that lasts up to now, if the last ratio is above 1.
    #[must_use]
    pub fn crossing(&self) -> Option<Crossing> {
        self.ledger.crossing
    }
}

#[cfg(test)]
mod tests;
