//! The configurations that a further run can begin with: the same run again with every change at its
//! step, the same with one thing changed, or the settings as they are now.
//! Does not begin one.

use std::collections::BTreeMap;

use super::Session;
use crate::config::{DatedChange, LiveSettings, RunConfig, settings};
use crate::protocol::{Command, Event, Source};

impl Session {
    /// The current run again: as it began, with every change at the step where it was made. What was
    /// asked and not answered is the last change; after the end, a setting from the start.
    pub(in crate::ui) fn again(&self) -> RunConfig {
        let mut config = self.current.replay();
        let now = self.current.config();
        if let Some(asked) = &self.asked {
            let wanted = RunConfig { live: asked.live.clone(), ..now.clone() };
            let changes = now.changes_to(&wanted).into_iter();
            let changes = changes.filter(|change| !change.is_of(&settings::PACE));
            let set: BTreeMap<_, _> = changes.map(|change| (change.key, change.to)).collect();
            let step = self.current.n_steps();
            if self.current.is_over() || step == 0 {
                let mut settled = config.clone();
                let values = set.iter().map(|(key, value)| (key.as_str(), value));
                // Values that were asked for are in range.
                if settled.set_all(values).is_ok() {
                    // Also what is as it began, and was changed later.
                    config.forget(set.keys());
                    config = config.with_settings_of(&settled);
                }
            } else if !set.is_empty() {
                config.add_changes([DatedChange { step, set }]);
            }
        }
        config.live.pace = self.config_asked().live.pace;
        config
    }

    /// The settings in force and asked for, from the first step, with the changes to come.
    pub(super) fn as_now(&self) -> RunConfig {
        let mut config = self.config_asked();
        // A warmup that a person began on the way rises from where the run's own did.
        config.live.warmup.start = self.current.initial_config().live.warmup.start;
        config
    }

    /// The same without changes to come.
    pub(super) fn clean(&self) -> RunConfig {
        RunConfig { changes: Vec::new(), ..self.as_now() }
    }

    /// What was asked and not answered is sent whole: it must not take back what the run changed by
    /// itself meanwhile.
    pub(super) fn follow_own(&mut self, event: &Event, before: &LiveSettings) {
        let Event::Tuned { run, live, source: Source::Config, .. } = event else { return };
        let Some(asked) = self.asked.as_mut().filter(|_| *run == self.current.id()) else { return };
        let whole = |live: &LiveSettings| RunConfig { live: live.clone(), ..RunConfig::default() };
        let (mut wanted, before) = (whole(&asked.live), whole(before));
        let by_person: Vec<String> =
            before.changes_to(&wanted).into_iter().map(|change| change.key).collect();
        let own = before.changes_to(&whole(live));
        let own = own.iter().filter(|change| !by_person.contains(&change.key));
        let own: Vec<_> = own.map(|change| (change.key.as_str(), &change.to)).collect();
        if own.is_empty() || wanted.set_all(own).is_err() {
            return;
        }
        asked.live = wanted.live.clone();
        let (live, source) = (Box::new(wanted.live), asked.source);
        self.post.send(Command::Tune { run: *run, live, source });
    }
}
