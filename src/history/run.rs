//! One run as known so far: settings, series, markers and how it stands.
//! Changes only by applying the run's own events.

use crate::config::{DatedChange, RunConfig};
use crate::protocol::{
    Event, Preparation, Record, RunFacts, RunId, Search, Source, StopReason, Trials,
};

use super::ledger::{Crossing, Ledger};
use super::marker::Marker;
use super::quantities::quantity;
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

    /// Symbol of the curvature that the stability threshold is for.
    #[must_use]
    pub fn governing_symbol(&self) -> &'static str {
        let name = if self.series("preconditioned_sharpness").is_empty() {
            "sharpness"
        } else {
            "preconditioned_sharpness"
        };
        quantity(name).map_or("", |row| row.symbol)
    }

    /// The stretch above the threshold that lasts up to now, if the last ratio is above 1.
    #[must_use]
    pub fn crossing(&self) -> Option<Crossing> {
        self.ledger.crossing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Curvature, Eigenvalue, Sample};

    const RUN: RunId = RunId(1);

    fn tuned(step: u64, peak_lr: f64, source: Source) -> Event {
        let live = crate::config::LiveSettings { peak_lr, ..RunConfig::default().live };
        Event::Tuned { run: RUN, step, live: Box::new(live), source }
    }

    fn measured(step: u64, sharpness: f64) -> Record {
        let top =
            vec![Eigenvalue { value: sharpness, residual: 0.0, is_converged: true, identity: 0 }];
        let curvature = Some(Curvature { top, ..Curvature::default() });
        let sample =
            Sample { step, stability_threshold: Some(20.0), curvature, ..Sample::default() };
        Record { sample, cost: crate::protocol::Cost::default() }
    }

    #[test]
    fn one_drag_is_one_marker_from_first_to_last() {
        let mut run = Run::new(RUN, RunConfig::default());
        run.apply(&tuned(5, 0.2, Source::Person(7)));
        run.apply(&tuned(6, 0.3, Source::Person(7)));
        run.apply(&tuned(9, 0.4, Source::Person(8)));
        let sentences: Vec<_> = run.markers().iter().map(Marker::sentence).collect();
        assert_eq!(sentences, ["Learning rate 0.1 → 0.3", "Learning rate 0.3 → 0.4"]);
        assert_eq!(run.markers()[0].step, 5);
    }

    #[test]
    fn a_warmup_and_its_start_are_told_as_one() {
        let mut run = Run::new(RUN, RunConfig::default());
        for (step, steps) in [(170, 30), (173, 63)] {
            let mut live = RunConfig::default().live;
            (live.warmup.start, live.warmup.steps) = (170, steps);
            let source = Source::Person(3);
            run.apply(&Event::Tuned { run: RUN, step, live: Box::new(live), source });
        }
        let sentences: Vec<_> = run.markers().iter().map(Marker::sentence).collect();
        assert_eq!(sentences, ["Warmup 0 → 63 from step 170"]);
    }

    #[test]
    fn a_drag_back_to_where_it_began_leaves_no_marker() {
        let mut run = Run::new(RUN, RunConfig::default());
        run.apply(&tuned(5, 0.2, Source::Person(7)));
        run.apply(&tuned(6, 0.1, Source::Person(7)));
        assert!(run.markers().is_empty());
    }

    #[test]
    fn a_replay_holds_every_value_that_was_in_force_and_the_runs_own_changes() {
        let own = |step, lr: f64| DatedChange {
            step,
            set: [("live.peak_lr".to_owned(), toml::Value::Float(lr))].into(),
        };
        let config = RunConfig { changes: vec![own(6, 0.7)], ..RunConfig::default() };
        let mut run = Run::new(RUN, config.clone());
        assert_eq!(run.replay(), config);
        // While it stands still at step 5 only the last value counts.
        for lr in [0.2, 0.3] {
            run.apply(&tuned(5, lr, Source::Person(7)));
        }
        run.apply(&tuned(6, 0.4, Source::Person(7)));
        run.apply(&tuned(6, 0.7, Source::Config));
        run.apply(&tuned(9, 0.1, Source::Person(8)));
        assert_eq!(run.replay().changes, [own(5, 0.3), own(6, 0.7), own(9, 0.1)]);
        assert_eq!(run.replay().live, config.live);
    }

    #[test]
    fn events_of_another_run_change_nothing() {
        let mut run = Run::new(RUN, RunConfig::default());
        run.apply(&Event::Paused { run: RunId(2), step: 0 });
        assert_eq!(*run.status(), Status::Starting);
    }

    #[test]
    fn the_crossing_is_the_start_of_the_last_stretch_above_the_line() {
        let mut run = Run::new(RUN, RunConfig::default());
        let records = [(0, 25.0), (1, 10.0), (2, 22.0), (3, 30.0)].map(|(s, v)| measured(s, v));
        run.apply(&Event::Sampled { run: RUN, records: records.to_vec() });
        let crossing = run.crossing().unwrap();
        assert_eq!(crossing.step, 2);
        assert!((crossing.max_ratio - 1.5).abs() < 1e-12);
        assert_eq!(run.series("sharpness").len(), 4);
    }
}
