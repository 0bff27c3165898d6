//! Configurations for the next run: a replay of the current one with every change at its step, or the
//! settings as they are now.

use std::collections::BTreeMap;

use crate::config::{DatedChange, LiveSettings, RunConfig, settings};
use crate::protocol::{Command, Event, Source};

use super::session_state::Session;

impl Session {
    /// A replay of the current run: its initial settings, with every change at the step where it was made.
    /// An unconfirmed request is the last change; after the end of the run it becomes an initial setting.
    pub(in crate::ui) fn replay(&self) -> RunConfig {
        let mut config = self.current.run.replay();
        let now = self.current.run.config();
        if let Some(requested) = &self.requested {
            let wanted = RunConfig { live: requested.live.clone(), ..now.clone() };
            let changes = now.changes_to(&wanted).into_iter();
            let changes = changes.filter(|change| !change.is_of(&settings::PACE));
            let set: BTreeMap<_, _> = changes.map(|change| (change.key, change.to)).collect();
            let step = self.current.run.n_steps();
            if self.current.run.is_over() || step == 0 {
                let mut settled = config.clone();
                let values = set.iter().map(|(key, value)| (key.as_str(), value));
                // Cannot fail: requested values are in range.
                if settled.set_all(values).is_ok() {
                    // Also removes scheduled changes of these settings.
                    config.remove_changes_of(set.keys());
                    config = config.with_settings_of(&settled);
                }
            } else if !set.is_empty() {
                config.add_changes([DatedChange { step, set }]);
            }
        }
        config.live.pace = self.config_requested().live.pace;
        config
    }

    /// The current settings, including unconfirmed requests, with scheduled later changes.
    pub(super) fn settings_now(&self) -> RunConfig {
        let mut config = self.config_requested();
        // A warmup begun during the run starts where the run's initial warmup did.
        config.live.warmup.start = self.current.run.initial_config().live.warmup.start;
        config
    }

    /// The current settings, without scheduled changes.
    pub(super) fn without_changes(&self) -> RunConfig {
        RunConfig { changes: Vec::new(), ..self.settings_now() }
    }

    /// Resends an unconfirmed request, merged with scheduled changes that the run made meanwhile. A
    /// request holds all live settings, and would otherwise undo those changes.
    pub(super) fn merge_scheduled_changes(&mut self, event: &Event, before: &LiveSettings) {
        let Event::Tuned { run, live, source: Source::Config, .. } = event else { return };
        let Some(requested) = self.requested.as_mut().filter(|_| *run == self.current.run.id())
        else {
            return;
        };
        let whole = |live: &LiveSettings| RunConfig { live: live.clone(), ..RunConfig::default() };
        let (mut wanted, before) = (whole(&requested.live), whole(before));
        let by_user: Vec<String> =
            before.changes_to(&wanted).into_iter().map(|change| change.key).collect();
        let own = before.changes_to(&whole(live));
        let own = own.iter().filter(|change| !by_user.contains(&change.key));
        let own: Vec<_> = own.map(|change| (change.key.as_str(), &change.to)).collect();
        if own.is_empty() || wanted.set_all(own).is_err() {
            return;
        }
        requested.live = wanted.live.clone();
        let (live, source) = (Box::new(wanted.live), requested.source);
        self.connection.send(Command::Tune { run: *run, live, source });
    }
}
