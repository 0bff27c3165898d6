//! Requests for trials beside the current run, and for applying what they suggest.

use toml::Value;

use crate::config::{ConfigError, RunConfig, settings};
use crate::figure::Suggestion;
use crate::history::{Run, Status};
use crate::protocol::{Command, Plan};
use crate::ui::gesture::Gesture;

use super::session_state::Session;
use super::trial_settings::TrialSettings;

impl Session {
    /// Requests trials, unless some are running or there is nothing to try.
    pub(super) fn start_trials(
        &mut self,
        plan: impl FnOnce(&TrialSettings, &Run, RunConfig) -> Option<Plan>,
    ) {
        if !self.can_try() {
            return;
        }
        let config = self.settings_now();
        if let Some(plan) = plan(&self.trial_settings, &self.current.run, config) {
            self.trial_settings.is_requested = true;
            self.connection.send(Command::Try { run: self.current.run.id(), plan });
        }
    }

    /// Applies a suggestion: a rate to a live run, anything else in a new run.
    pub(super) fn apply_suggestion(&mut self, suggestion: Suggestion) -> Result<(), ConfigError> {
        let (setting, value) = match suggestion {
            Suggestion::Rate(rate) => (&settings::PEAK_LR, Value::Float(rate)),
            Suggestion::Warmup(n) => {
                let n = i64::try_from(n).unwrap_or(i64::MAX);
                (&settings::WARMUP_STEPS, Value::Integer(n))
            }
        };
        if matches!(suggestion, Suggestion::Rate(_)) && !self.current.run.is_over() {
            return self.set(setting, &value, Gesture::New);
        }
        let now = self.settings_now();
        self.begin(now.with_settings_of(&setting.chosen(&now, &value)?))
    }

    /// Whether trials can start now.
    pub(in crate::ui) fn can_try(&self) -> bool {
        *self.current.run.status() != Status::Starting && !self.is_trying()
    }

    /// Whether trials are running or requested.
    pub(in crate::ui) fn is_trying(&self) -> bool {
        let is_told = self.current.run.trials().is_some_and(|(_, trials)| !trials.is_over());
        self.trial_settings.is_requested || is_told
    }

    /// Settings of the next trials.
    pub(in crate::ui) fn trial_settings(&self) -> &TrialSettings {
        &self.trial_settings
    }
}
