//! The latest values of a run, each with its step and age.

use crate::config::Interval;
use crate::quantity::{self, Quantity};

use super::dated::Dated;
use super::run::Run;

/// Age in steps after which a curvature counts as outdated, however rarely it is measured.
const MAX_AGE: u64 = 10;

/// Age in steps above which a curvature that is measured at this interval is outdated.
pub(super) fn max_age(every: Interval) -> u64 {
    match every {
        Interval::Every(n) => n.get().min(MAX_AGE),
        Interval::Off => 0,
    }
}

impl Run {
    /// The latest value of a quantity; `None` if never measured.
    #[must_use]
    pub fn newest(&self, quantity: Quantity) -> Option<Dated> {
        self.series(quantity).last().map(|(step, value)| Dated { value, step })
    }

    /// The latest value of [`Self::governing_quantity`].
    #[must_use]
    pub fn governing(&self) -> Option<Dated> {
        self.newest(self.governing_quantity())
    }

    /// Number of steps of the run since this one.
    #[must_use]
    pub fn steps_since(&self, step: u64) -> u64 {
        self.last().map_or(0, |record| record.sample.step.saturating_sub(step))
    }

    /// Whether a curvature measured at this step is outdated: its age exceeds the measuring
    /// interval (at most `MAX_AGE`), or a setting has changed since.
    #[must_use]
    pub fn is_outdated(&self, step: u64) -> bool {
        let age = self.steps_since(step);
        let is_from_before =
            self.markers().last().is_some_and(|m| m.until > step && m.until <= step + age);
        is_from_before || age > max_age(self.config().live.probe.every)
    }

    /// Whether the stability threshold applies to the preconditioned Hessian.
    #[must_use]
    pub fn is_preconditioned(&self) -> bool {
        self.config().optimizer.rule.is_adaptive()
            || !self.series(quantity::PRECONDITIONED_SHARPNESS).is_empty()
    }

    /// Symbol of [`Self::governing_quantity`].
    #[must_use]
    pub fn governing_symbol(&self) -> &'static str {
        self.governing_quantity().symbol()
    }

    /// The curvature that the stability threshold applies to.
    #[must_use]
    pub fn governing_quantity(&self) -> Quantity {
        if self.is_preconditioned() {
            quantity::PRECONDITIONED_SHARPNESS
        } else {
            quantity::SHARPNESS
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Event, Record, RunId, Sample, Source};

    const RUN: RunId = RunId(1);

    fn run(every: u64, n: u64) -> Run {
        let mut config = RunConfig::default();
        config.live.probe.every = Interval::every(every);
        let mut run = Run::new(RUN, config);
        step(&mut run, 0..n);
        run
    }

    fn step(run: &mut Run, steps: std::ops::Range<u64>) {
        let record =
            |step| Record { sample: Sample { step, ..Sample::default() }, ..Record::default() };
        run.apply(&Event::Sampled { run: RUN, records: steps.map(record).collect() });
    }

    #[test]
    fn a_curvature_is_outdated_after_its_interval_or_after_some_steps_if_that_is_longer() {
        let newest_is_outdated = |every, n| run(every, n).is_outdated(0);
        assert_eq!([newest_is_outdated(3, 4), newest_is_outdated(3, 5)], [false, true]);
        assert_eq!(
            [newest_is_outdated(1000, MAX_AGE + 1), newest_is_outdated(1000, MAX_AGE + 2)],
            [false, true]
        );
        assert_eq!([newest_is_outdated(0, 1), newest_is_outdated(0, 2)], [false, true], "off");
    }

    #[test]
    fn a_curvature_from_before_a_change_is_outdated() {
        let mut run = run(9, 5);
        assert!(!run.is_outdated(0));
        let mut live = run.config().live.clone();
        live.peak_lr *= 2.0;
        let source = Source::User(1);
        run.apply(&Event::Tuned { run: RUN, step: 5, live: Box::new(live), source });
        assert!(!run.is_outdated(0), "it acts at the next step");
        step(&mut run, 5..6);
        assert!(run.is_outdated(0) && !run.is_outdated(5));
        // A drag is one change until it ends.
        let mut live = run.config().live.clone();
        live.peak_lr *= 2.0;
        run.apply(&Event::Tuned { run: RUN, step: 6, live: Box::new(live), source });
        step(&mut run, 6..7);
        assert_eq!(run.markers().len(), 1);
        assert!(run.is_outdated(5) && !run.is_outdated(6));
    }
}
