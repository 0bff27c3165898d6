//! The tuning of a run's initial weights, as far as reported.

use super::run::Run;
use crate::config::Tuning;
use crate::protocol::Preparation;

impl Run {
    /// The tuning of the initial weights so far, by iteration; empty if there is none.
    #[must_use]
    pub fn preparation(&self) -> &[Preparation] {
        &self.preparation
    }

    /// Whether the initial weights are still being tuned.
    #[must_use]
    pub fn is_preparing(&self) -> bool {
        let is_tuned = self.initial_config().init.tuning != Tuning::None;
        let is_done = self.preparation.last().is_some_and(Preparation::is_last);
        is_tuned && !is_done && self.last().is_none() && !self.is_over()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Event, RunEnd, RunId};

    const RUN: RunId = RunId(1);

    fn prepared(iterations: std::ops::Range<u64>, n_iterations: u64) -> Event {
        let names: Arc<[String]> = ["a.weight", "b.weight"].map(str::to_owned).into();
        let record = |iteration| Preparation {
            iteration,
            n_iterations,
            objective: 1.0,
            grad_norm: None,
            names: names.clone(),
            sizes: vec![1.0; 2],
        };
        Event::Prepared { run: RUN, records: iterations.map(record).collect() }
    }

    fn run(tuning: Tuning) -> Run {
        let mut config = RunConfig::default();
        (config.init.tuning, config.init.tuning_steps) = (tuning, 300);
        Run::new(RUN, config)
    }

    #[test]
    fn a_run_is_prepared_once_the_last_iteration_is_reported_and_replays_unchanged() {
        let mut run = run(Tuning::MetaInit);
        assert!(run.is_preparing());
        run.apply(&prepared(0..300, 300));
        assert!(run.is_preparing() && run.tuning_cut().is_none());
        run.apply(&prepared(300..301, 300));
        assert!(!run.is_preparing());
        assert_eq!(run.preparation().len(), 301);
        assert_eq!(run.replay(), *run.initial_config());
    }

    #[test]
    fn a_tuning_that_was_cut_short_replays_with_the_iterations_it_had() {
        for tuning in [Tuning::Lsuv, Tuning::MetaInit, Tuning::GradInit] {
            for n in [0, 120] {
                let mut run = run(tuning);
                run.apply(&prepared(0..n, 300));
                run.apply(&Event::PreparationCut { run: RUN, n_iterations: n });
                assert!(run.is_preparing(), "the last iteration is still to come");
                run.apply(&prepared(n..n + 1, n));
                assert!(!run.is_preparing());
                assert_eq!(run.tuning_cut(), Some(n));
                assert_eq!(run.replay().init.tuning_steps, n);
                assert_eq!(run.initial_config().init.tuning_steps, 300);
            }
        }
    }

    #[test]
    fn a_run_without_tuning_or_over_is_not_preparing() {
        assert!(!run(Tuning::None).is_preparing());
        let mut over = run(Tuning::MetaInit);
        over.apply(&Event::Ended { run: RUN, step: 0, end: RunEnd::Stopped });
        assert!(!over.is_preparing());
    }
}
