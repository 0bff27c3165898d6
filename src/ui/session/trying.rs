//! Which settings are tried beside a run, for how long, and from where.
//! Does not try them, and draws nothing.

use toml::Value;

use super::Session;
use crate::config::{ConfigError, RunConfig, settings};
use crate::figure::Suggestion;
use crate::history::{Run, Status};
use crate::protocol::{Command, Plan, StopReason};
use crate::ui::wish::Touch;

/// Factors on the rate of a run that goes on, stands still or came to its end.
const FACTORS: [f64; 4] = [0.5, 1.0, 2.0, 4.0];

/// Factors on a rate that diverged.
const LOWER_FACTORS: [f64; 4] = [0.125, 0.25, 0.5, 1.0];

/// Steps that a trial of a rate may take.
pub(in crate::ui) const TRIAL_STEPS: std::ops::RangeInclusive<u64> = 10..=2000;

/// How trials are made, and whether some were asked for of which nothing was heard yet.
#[derive(Debug)]
pub(in crate::ui) struct Trying {
    n_steps: u64,
    /// Whether the last that were asked for have said nothing yet.
    pub(super) is_asked: bool,
}

impl Default for Trying {
    fn default() -> Self {
        Self { n_steps: 200, is_asked: false }
    }
}

impl Trying {
    /// Steps of each trial of a rate.
    pub(in crate::ui) fn n_steps(&self) -> u64 {
        self.n_steps
    }

    /// Another number of steps, within reach.
    pub(super) fn set_steps(&mut self, n_steps: u64) {
        self.n_steps = n_steps.clamp(*TRIAL_STEPS.start(), *TRIAL_STEPS.end());
    }

    /// Rates from where the run stands; from its first step where it is over. `None` where its rule
    /// reads no rate.
    pub(super) fn rates(&self, run: &Run, config: RunConfig) -> Option<Plan> {
        if !config.live.rate.rule.has_peak() {
            return None;
        }
        let n_steps = self.n_steps;
        let Status::Stopped(reason) = run.status() else {
            return Some(Plan::RatesFromHere { factors: FACTORS.to_vec(), n_steps });
        };
        let is_lower = matches!(reason, StopReason::Diverged { .. });
        let factors = if is_lower { LOWER_FACTORS } else { FACTORS }.to_vec();
        Some(Plan::RatesFromStart { factors, n_steps, config: Box::new(config) })
    }

    /// Lengths of warmup; `None` where the rule of the rate has none.
    pub(super) fn warmup(config: RunConfig) -> Option<Plan> {
        let has_warmup = config.live.rate.rule.has_schedule();
        has_warmup.then(|| Plan::Warmup { config: Box::new(config) })
    }
}

impl Session {
    /// Asks for trials beside the current run, unless some are under way or there is nothing to try.
    pub(super) fn try_out(&mut self, plan: impl FnOnce(&Trying, &Run, RunConfig) -> Option<Plan>) {
        if !self.can_try() {
            return;
        }
        let config = self.as_now();
        if let Some(plan) = plan(&self.trying, &self.current, config) {
            self.trying.is_asked = true;
            self.post.send(Command::Try { run: self.current.id(), plan });
        }
    }

    /// Does what trials suggest.
    pub(super) fn take(&mut self, suggestion: Suggestion) -> Result<(), ConfigError> {
        let (setting, value) = match suggestion {
            Suggestion::Rate(rate) => (&settings::PEAK_LR, Value::Float(rate)),
            Suggestion::Warmup(n) => {
                let n = i64::try_from(n).unwrap_or(i64::MAX);
                (&settings::WARMUP_STEPS, Value::Integer(n))
            }
        };
        if matches!(suggestion, Suggestion::Rate(_)) && !self.current.is_over() {
            return self.set(setting, &value, Touch::New);
        }
        let now = self.as_now();
        self.begin(now.with_settings_of(&setting.chosen(&now, &value)?))
    }

    /// Whether settings could be tried beside the current run now.
    pub(in crate::ui) fn can_try(&self) -> bool {
        *self.current.status() != Status::Starting && !self.is_trying()
    }

    /// Whether trials are under way.
    pub(in crate::ui) fn is_trying(&self) -> bool {
        let is_told = self.current.trials().is_some_and(|(_, trials)| !trials.is_over());
        self.trying.is_asked || is_told
    }

    /// How trials are made.
    pub(in crate::ui) fn trying(&self) -> &Trying {
        &self.trying
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RateRule;
    use crate::protocol::{Event, RunId};

    #[test]
    fn rates_are_tried_from_where_a_run_stands_and_lower_ones_from_the_start_after_divergence() {
        let (config, trying) = (RunConfig::default(), Trying::default());
        let mut run = Run::new(RunId(1), config.clone());
        run.apply(&Event::Paused { run: RunId(1), step: 3 });
        let here = Plan::RatesFromHere { factors: FACTORS.to_vec(), n_steps: 200 };
        assert_eq!(trying.rates(&run, config.clone()), Some(here));
        for (reason, factors) in
            [(StopReason::Diverged { loss: 1e9 }, LOWER_FACTORS), (StopReason::Finished, FACTORS)]
        {
            run.apply(&Event::Stopped { run: RunId(1), step: 9, reason });
            let (factors, config) = (factors.to_vec(), Box::new(config.clone()));
            let start = Plan::RatesFromStart { factors, n_steps: 200, config: config.clone() };
            assert_eq!(trying.rates(&run, *config), Some(start));
        }
    }

    #[test]
    fn nothing_is_tried_that_the_rule_of_the_rate_does_not_read() {
        let mut config = RunConfig::default();
        let run = Run::new(RunId(1), config.clone());
        for rule in RateRule::ALL {
            config.live.rate.rule = *rule;
            let rates = Trying::default().rates(&run, config.clone());
            assert_eq!(rates.is_some(), rule.has_peak(), "{rule}");
            assert_eq!(Trying::warmup(config.clone()).is_some(), rule.has_schedule(), "{rule}");
        }
    }

    #[test]
    fn trials_have_a_few_steps_and_not_too_many() {
        let mut trying = Trying::default();
        for (asked, n_steps) in [(0, 10), (500, 500), (u64::MAX, 2000)] {
            trying.set_steps(asked);
            assert_eq!(trying.n_steps(), n_steps);
        }
    }
}
