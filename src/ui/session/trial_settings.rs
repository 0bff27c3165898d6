//! Plans of trials: which settings to try beside the current run, for how long, and from which step.

use crate::config::RunConfig;
use crate::history::Run;
use crate::protocol::Plan;

/// Factors on the rate of a run that has not diverged.
const FACTORS: [f64; 4] = [0.5, 1.0, 2.0, 4.0];

/// Factors on the rate of a diverged run.
const LOWER_FACTORS: [f64; 4] = [0.125, 0.25, 0.5, 1.0];

/// Possible numbers of steps of a trial of a rate.
pub(in crate::ui) const TRIAL_STEPS: std::ops::RangeInclusive<u64> = 10..=2000;

/// Settings of trials, and whether requested ones are still unreported.
#[derive(Debug)]
pub(in crate::ui) struct TrialSettings {
    n_steps: u64,
    /// Whether the last requested trials have not yet reported.
    pub(in crate::ui) is_requested: bool,
}

impl Default for TrialSettings {
    fn default() -> Self {
        Self { n_steps: 200, is_requested: false }
    }
}

impl TrialSettings {
    /// Steps of each trial of a rate.
    pub(in crate::ui) fn n_steps(&self) -> u64 {
        self.n_steps
    }

    /// Sets the number of steps, clamped to its range.
    pub(in crate::ui) fn set_steps(&mut self, n_steps: u64) {
        self.n_steps = n_steps.clamp(*TRIAL_STEPS.start(), *TRIAL_STEPS.end());
    }

    /// A plan to try rates from the current step, or from step 0 of an ended run. `None` if the rule reads
    /// no rate.
    pub(in crate::ui) fn rates(&self, run: &Run, config: RunConfig) -> Option<Plan> {
        if !config.live.rate.rule.has_peak() {
            return None;
        }
        let n_steps = self.n_steps;
        if !run.is_over() {
            return Some(Plan::RatesFromHere { factors: FACTORS.to_vec(), n_steps });
        }
        let factors = if run.has_diverged() { LOWER_FACTORS } else { FACTORS }.to_vec();
        Some(Plan::RatesFromStart { factors, n_steps, config: Box::new(config) })
    }

    /// A plan to try warmup lengths; `None` if the rule has no warmup.
    pub(in crate::ui) fn warmup(config: RunConfig) -> Option<Plan> {
        let has_warmup = config.live.rate.rule.has_schedule();
        has_warmup.then(|| Plan::Warmup { config: Box::new(config) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RateRule;
    use crate::protocol::{Event, RunEnd, RunId};

    #[test]
    fn rates_are_tried_from_the_current_step_and_lower_ones_from_the_start_after_divergence() {
        let (config, trial_settings) = (RunConfig::default(), TrialSettings::default());
        let mut run = Run::new(RunId(1), config.clone());
        run.apply(&Event::Paused { run: RunId(1), step: 3 });
        let here = Plan::RatesFromHere { factors: FACTORS.to_vec(), n_steps: 200 };
        assert_eq!(trial_settings.rates(&run, config.clone()), Some(here));
        for (end, factors) in
            [(RunEnd::Diverged { loss: 1e9 }, LOWER_FACTORS), (RunEnd::Finished, FACTORS)]
        {
            run.apply(&Event::Ended { run: RunId(1), step: 9, end });
            let (factors, config) = (factors.to_vec(), Box::new(config.clone()));
            let start = Plan::RatesFromStart { factors, n_steps: 200, config: config.clone() };
            assert_eq!(trial_settings.rates(&run, *config), Some(start));
        }
    }

    #[test]
    fn settings_that_the_rule_does_not_read_are_not_tried() {
        let mut config = RunConfig::default();
        let run = Run::new(RunId(1), config.clone());
        for rule in RateRule::ALL {
            config.live.rate.rule = *rule;
            let rates = TrialSettings::default().rates(&run, config.clone());
            assert_eq!(rates.is_some(), rule.has_peak(), "{rule}");
            assert_eq!(
                TrialSettings::warmup(config.clone()).is_some(),
                rule.has_schedule(),
                "{rule}"
            );
        }
    }

    #[test]
    fn the_steps_of_trials_are_clamped() {
        let mut trial_settings = TrialSettings::default();
        for (requested, n_steps) in [(0, 10), (500, 500), (u64::MAX, 2000)] {
            trial_settings.set_steps(requested);
            assert_eq!(trial_settings.n_steps(), n_steps);
        }
    }
}
