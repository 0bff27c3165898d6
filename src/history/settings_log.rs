//! A run's settings over time: what was requested, which changes took effect when, and which are
//! still scheduled.

use std::collections::BTreeMap;

use toml::Value;

use crate::config::{Change, DatedChange, LiveSettings, RunConfig, settings};
use crate::protocol::Source;

/// The settings of a run over time.
///
/// Changes at the same step take effect in the order of their events: normally a scheduled change
/// comes after the user's, but when a step is interrupted and repeated, before it.
#[derive(Clone, Debug)]
pub struct SettingsLog {
    requested: RunConfig,
    /// The settings at the first step.
    at_start: RunConfig,
    /// The settings in force, with the scheduled changes still to come.
    current: RunConfig,
    /// The changes that took effect, by step.
    in_force: BTreeMap<u64, BTreeMap<String, Value>>,
    /// Whether the user changed anything that affects the run's numbers.
    is_changed_by_user: bool,
    tuning_cut: Option<u64>,
}

impl SettingsLog {
    /// The log of a run requested with these settings.
    #[must_use]
    pub fn new(requested: RunConfig) -> Self {
        let mut current = requested.clone();
        current.add_changes([]);
        Self {
            at_start: current.clone(),
            current,
            requested,
            in_force: BTreeMap::new(),
            is_changed_by_user: false,
            tuning_cut: None,
        }
    }

    /// Records new live settings from a step on; returns what they changed.
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
                self.is_changed_by_user |= !set.is_empty();
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

    /// Records that a step was measured: changes scheduled up to it have taken effect.
    pub fn record_step(&mut self, step: u64) {
        // Run folders do not record a change that sets a value to what it already was.
        if self.current.changes.first().is_some_and(|own| own.step <= step) {
            for own in self.current.changes.extract_if(.., |own| own.step <= step) {
                let in_force = self.in_force.entry(own.step).or_default();
                for (key, value) in own.set {
                    in_force.entry(key).or_insert(value);
                }
            }
        }
    }

    /// Records that the user ended the tuning of the initial weights after this many iterations.
    pub fn record_tuning_cut(&mut self, n_iterations: u64) {
        self.tuning_cut = Some(n_iterations);
    }

    /// Iterations after which the user ended the tuning, if so.
    #[must_use]
    pub fn tuning_cut(&self) -> Option<u64> {
        self.tuning_cut
    }

    /// The settings requested.
    #[must_use]
    pub fn requested(&self) -> &RunConfig {
        &self.requested
    }

    /// The settings at the first step, including changes made before it.
    #[must_use]
    pub fn at_start(&self) -> &RunConfig {
        &self.at_start
    }

    /// The settings in force, with scheduled changes still to come.
    #[must_use]
    pub fn current(&self) -> &RunConfig {
        &self.current
    }

    /// The configuration that reproduces this run without the user: the requested one, or if the
    /// user changed anything, one with every change scheduled at its step and with the number of
    /// tuning iterations that were made.
    #[must_use]
    pub fn replay(&self) -> RunConfig {
        let mut config = self.requested.clone();
        config.init.tuning_steps = self.tuning_cut.unwrap_or(config.init.tuning_steps);
        if !self.is_changed_by_user {
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

    /// The configuration that gives the steps taken so far: [`Self::replay`] without the changes
    /// that the run has not reached.
    #[must_use]
    pub fn so_far(&self) -> RunConfig {
        let ahead = self.current.changes.first().map_or(u64::MAX, |own| own.step);
        let mut config = self.replay();
        config.changes.retain(|change| change.step < ahead);
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

    const USER: Source = Source::User(1);

    #[test]
    fn at_one_step_the_last_change_counts_in_either_order() {
        let own = [rate(6, 0.7)];
        let mut before = log(&own);
        tune(&mut before, 6, 0.4, USER);
        assert_eq!(before.replay().changes, own, "it comes after the change of the user");
        tune(&mut before, 6, 0.7, Source::Config);
        assert_eq!(before.replay().changes, own);

        let mut again = log(&own);
        tune(&mut again, 6, 0.7, Source::Config);
        tune(&mut again, 6, 0.4, USER);
        assert_eq!(again.replay().changes, [rate(6, 0.4)]);
        again.record_step(6);
        assert_eq!(again.replay().changes, [rate(6, 0.4)]);
    }

    #[test]
    fn a_scheduled_change_without_an_event_came_before_the_users() {
        let mut log_without_event = log(&[rate(6, 0.1)]);
        tune(&mut log_without_event, 6, 0.4, USER);
        log_without_event.record_step(6);
        assert_eq!(log_without_event.replay().changes, [rate(6, 0.4)]);
        assert!(log_without_event.current().changes.is_empty());
    }

    #[test]
    fn a_run_changed_in_pace_alone_replays_as_requested() {
        let given = [rate(6, 0.7), rate(2, 0.3), rate(2, 0.2)];
        let mut run = log(&given);
        let live = LiveSettings { pace: crate::config::Pace::One, ..run.current().live.clone() };
        run.record_tuning(1, &live, USER);
        tune(&mut run, 2, 0.2, Source::Config);
        assert_eq!(run.replay(), *run.requested());
        assert_eq!(run.replay().changes, given);
        assert_eq!(run.current().changes, [rate(6, 0.7)], "to come");
    }

    #[test]
    fn a_change_before_the_first_step_counts_as_initial() {
        let mut run = log(&[rate(0, 0.2), rate(9, 0.5)]);
        tune(&mut run, 0, 0.2, Source::Config);
        tune(&mut run, 0, 0.3, USER);
        tune(&mut run, 4, 0.4, USER);
        assert_eq!(run.at_start().live.peak_lr, 0.3);
        let replay = run.replay();
        assert_eq!(replay.live.peak_lr, 0.3);
        assert_eq!(replay.changes, [rate(4, 0.4), rate(9, 0.5)]);
        assert_eq!(run.so_far().changes, [rate(4, 0.4)], "step 9 is not reached");
        assert_eq!(log(&[rate(2, 0.2), rate(9, 0.5)]).so_far().changes, []);
        assert!(
            replay.is_same_run(&RunConfig {
                changes: replay.changes.clone(),
                ..run.at_start().clone()
            })
        );
    }
}
