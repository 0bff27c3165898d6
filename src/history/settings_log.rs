//! The one log of a run's changes: what it was given, what came into force when, what is to come.
//! Changes only by the run's own events, in their order; writes nothing.

use std::collections::BTreeMap;

use toml::Value;

use crate::config::{Change, DatedChange, LiveSettings, RunConfig, settings};
use crate::protocol::Source;

/// A run's settings from the first to the last.
///
/// At one step the order of events decides: before a step the run's own dated change comes after a
/// person's, in a step that was given up and begun again it came before.
#[derive(Clone, Debug)]
pub struct SettingsLog {
    requested: RunConfig,
    /// As the first step found it.
    at_start: RunConfig,
    /// The settings in force, and the run's own changes still to come.
    current: RunConfig,
    /// What came into force, by step.
    in_force: BTreeMap<u64, BTreeMap<String, Value>>,
    /// Whether a person changed anything that shapes the run.
    is_helped: bool,
    tuning_cut: Option<u64>,
}

impl SettingsLog {
    /// The log of a run that begins with these settings.
    #[must_use]
    pub fn new(requested: RunConfig) -> Self {
        let mut current = requested.clone();
        current.add_changes([]);
        Self {
            at_start: current.clone(),
            current,
            requested,
            in_force: BTreeMap::new(),
            is_helped: false,
            tuning_cut: None,
        }
    }

    /// Takes in new live settings from a step on; gives what they changed.
    pub fn record_tuning(&mut self, step: u64, live: &LiveSettings, source: Source) -> Vec<Change> {
        let after = RunConfig { live: live.clone(), ..self.current.clone() };
        let changes = self.current.changes_to(&after);
        self.current = after;
        match source {
            Source::Config => {
                let own = self.current.changes.extract_if(.., |own| own.step == step);
                let set = own.flat_map(|own| own.set);
                self.in_force.entry(step).or_default().extend(set);
            }
            Source::User(_) => {
                let shaping = changes.iter().filter(|change| !change.is_of(&settings::PACE));
                let set: BTreeMap<_, _> =
                    shaping.map(|change| (change.key.clone(), change.to.clone())).collect();
                self.is_helped |= !set.is_empty();
                self.in_force.entry(step).or_default().extend(set);
            }
        }
        if step == 0 {
            self.at_start =
                RunConfig { changes: self.at_start.changes.clone(), ..self.current.clone() };
            if source == Source::Config {
                self.at_start.changes.retain(|own| own.step > 0);
            }
        }
        changes
    }

    /// Takes in that a step was measured: changes dated at it, or before, are in force.
    pub fn record_step(&mut self, step: u64) {
        // A folder does not tell of a change to the value that was in force already.
        if self.current.changes.first().is_some_and(|own| own.step <= step) {
            for own in self.current.changes.extract_if(.., |own| own.step <= step) {
                let in_force = self.in_force.entry(own.step).or_default();
                for (key, value) in own.set {
                    in_force.entry(key).or_insert(value);
                }
            }
        }
    }

    /// Takes in that a person ended the tuning of the initial weights after so many iterations.
    pub fn record_tuning_cut(&mut self, n_iterations: u64) {
        self.tuning_cut = Some(n_iterations);
    }

    /// Iterations after which somebody ended the tuning, if somebody did.
    #[must_use]
    pub fn tuning_cut(&self) -> Option<u64> {
        self.tuning_cut
    }

    /// The settings that it was given.
    #[must_use]
    pub fn requested(&self) -> &RunConfig {
        &self.requested
    }

    /// The settings that its first step found: a change before that is no event of the run.
    #[must_use]
    pub fn at_start(&self) -> &RunConfig {
        &self.at_start
    }

    /// The settings in force, with the run's own changes that are still to come.
    #[must_use]
    pub fn current(&self) -> &RunConfig {
        &self.current
    }

    /// The configuration that gives this run again with nobody's help: what it was given where nobody
    /// helped, else every change at its step, and as many iterations of tuning as it was let have.
    #[must_use]
    pub fn replay(&self) -> RunConfig {
        let mut config = self.requested.clone();
        config.init.tuning_steps = self.tuning_cut.unwrap_or(config.init.tuning_steps);
        if !self.is_helped {
            return config;
        }
        let pace = std::mem::replace(&mut config.live, self.at_start.live.clone()).pace;
        config.live.pace = pace;
        let in_force = self.in_force.iter().filter(|(step, set)| **step > 0 && !set.is_empty());
        let in_force = in_force.map(|(step, set)| DatedChange { step: *step, set: set.clone() });
        config.changes.clear();
        config.add_changes(in_force.chain(self.current.changes.iter().cloned()));
        config
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::rate_from as rate;

    fn log(changes: &[DatedChange]) -> SettingsLog {
        SettingsLog::new(RunConfig { changes: changes.to_vec(), ..RunConfig::default() })
    }

    fn tune(log: &mut SettingsLog, step: u64, peak_lr: f64, source: Source) {
        let live = LiveSettings { peak_lr, ..log.current().live.clone() };
        log.record_tuning(step, &live, source);
    }

    const PERSON: Source = Source::User(1);

    #[test]
    fn at_one_step_what_came_last_counts_in_both_orders() {
        let own = [rate(6, 0.7)];
        let mut before = log(&own);
        tune(&mut before, 6, 0.4, PERSON);
        assert_eq!(before.replay().changes, own, "it will come after what a person did");
        tune(&mut before, 6, 0.7, Source::Config);
        assert_eq!(before.replay().changes, own);

        let mut again = log(&own);
        tune(&mut again, 6, 0.7, Source::Config);
        tune(&mut again, 6, 0.4, PERSON);
        assert_eq!(again.replay().changes, [rate(6, 0.4)]);
        again.record_step(6);
        assert_eq!(again.replay().changes, [rate(6, 0.4)]);
    }

    #[test]
    fn an_own_change_that_changed_nothing_and_was_not_told_came_before_a_persons() {
        let mut told = log(&[rate(6, 0.1)]);
        tune(&mut told, 6, 0.4, PERSON);
        told.record_step(6);
        assert_eq!(told.replay().changes, [rate(6, 0.4)]);
        assert!(told.current().changes.is_empty());
    }

    #[test]
    fn what_nobody_helped_is_what_was_given_whatever_was_shown_how_fast() {
        let given = [rate(6, 0.7), rate(2, 0.3), rate(2, 0.2)];
        let mut run = log(&given);
        let live = LiveSettings { pace: crate::config::Pace::One, ..run.current().live.clone() };
        run.record_tuning(1, &live, PERSON);
        tune(&mut run, 2, 0.2, Source::Config);
        assert_eq!(run.replay(), *run.requested());
        assert_eq!(run.replay().changes, given);
        assert_eq!(run.current().changes, [rate(6, 0.7)], "to come");
    }

    #[test]
    fn a_change_before_the_first_step_is_what_the_run_begins_with() {
        let mut run = log(&[rate(0, 0.2), rate(9, 0.5)]);
        tune(&mut run, 0, 0.2, Source::Config);
        tune(&mut run, 0, 0.3, PERSON);
        tune(&mut run, 4, 0.4, PERSON);
        assert_eq!(run.at_start().live.peak_lr, 0.3);
        let replay = run.replay();
        assert_eq!(replay.live.peak_lr, 0.3);
        assert_eq!(replay.changes, [rate(4, 0.4), rate(9, 0.5)]);
        assert!(
            replay.is_same_run(&RunConfig {
                changes: replay.changes.clone(),
                ..run.at_start().clone()
            })
        );
    }
}
