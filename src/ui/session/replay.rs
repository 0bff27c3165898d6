//! The configurations that another run can begin with: the same run with every change at its step, or
//! the settings as they are now. Does not begin one.

use std::collections::BTreeMap;

use crate::config::{DatedChange, LiveSettings, RunConfig, settings};
use crate::protocol::{Command, Event, Source};

use super::session_state::Session;

impl Session {
    /// The current run again: as it began, with every change at the step where it was made. A
    /// request that is not confirmed yet is the last change; after the end, a setting from the start.
    pub(in crate::ui) fn replay(&self) -> RunConfig {
        let mut config = self.current.replay();
        let now = self.current.config();
        if let Some(requested) = &self.requested {
            let wanted = RunConfig { live: requested.live.clone(), ..now.clone() };
            let changes = now.changes_to(&wanted).into_iter();
            let changes = changes.filter(|change| !change.is_of(&settings::PACE));
            let set: BTreeMap<_, _> = changes.map(|change| (change.key, change.to)).collect();
            let step = self.current.n_steps();
            if self.current.is_over() || step == 0 {
                let mut settled = config.clone();
                let values = set.iter().map(|(key, value)| (key.as_str(), value));
                // Requested values are in range.
                if settled.set_all(values).is_ok() {
                    // Also what is as it began, and was changed later.
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

    /// The settings in force and requested, from the first step, with the changes to come.
    pub(super) fn settings_now(&self) -> RunConfig {
        let mut config = self.config_requested();
        // A warmup that the user began during the run rises from where the run's own did.
        config.live.warmup.start = self.current.initial_config().live.warmup.start;
        config
    }

    /// The same without changes to come.
    pub(super) fn without_changes(&self) -> RunConfig {
        RunConfig { changes: Vec::new(), ..self.settings_now() }
    }

    /// Sends an unconfirmed request anew with what the run has changed by itself meanwhile: a request
    /// holds all live settings, and must not undo those changes.
    pub(super) fn follow_own_changes(&mut self, event: &Event, before: &LiveSettings) {
        let Event::Tuned { run, live, source: Source::Config, .. } = event else { return };
        let Some(requested) = self.requested.as_mut().filter(|_| *run == self.current.id()) else {
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
