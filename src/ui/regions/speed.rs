//! Measures the speed of a run in steps per second.

use std::collections::VecDeque;

use crate::history::Run;
use crate::protocol::RunId;

/// Seconds over which the speed is averaged.
const WINDOW_SECS: f64 = 2.0;

/// Least time between two samples in seconds, which bounds their number.
const MIN_GAP_SECS: f64 = 0.05;

/// Recent samples of a run's step count.
#[derive(Debug, Default)]
pub(in crate::ui) struct Speed {
    run: Option<RunId>,
    samples: VecDeque<(f64, u64)>,
}

impl Speed {
    /// Records the run's step count at a time in seconds.
    pub(in crate::ui) fn note(&mut self, now_secs: f64, run: &Run) {
        if self.run != Some(run.id()) {
            self.run = Some(run.id());
            self.samples.clear();
        }
        // The time of a hidden window stops while it still drains events.
        if self.samples.back().is_some_and(|(at, _)| now_secs - at < MIN_GAP_SECS) {
            return;
        }
        self.samples.push_back((now_secs, run.n_steps()));
        while self.samples.front().is_some_and(|(at, _)| now_secs - at > WINDOW_SECS) {
            self.samples.pop_front();
        }
    }

    /// Steps per second; `None` until 0.2 seconds of samples exist.
    pub(in crate::ui) fn per_second(&self) -> Option<f64> {
        let (first, last) = (self.samples.front()?, self.samples.back()?);
        let secs = last.0 - first.0;
        (secs > 0.2).then(|| (last.1 - first.1) as f64 / secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Cost, Event, Record, Sample};

    fn at_step(step: u64) -> Run {
        let mut run = Run::new(RunId(1), RunConfig::default());
        let record = Record { sample: Sample { step, ..Sample::default() }, cost: Cost::default() };
        run.apply(&Event::Sampled { run: RunId(1), records: vec![record] });
        run
    }

    #[test]
    fn the_speed_is_that_of_the_last_two_seconds() {
        let mut speed = Speed::default();
        for tick in 0..=40_u32 {
            speed.note(f64::from(tick) * 0.1, &at_step(3 * u64::from(tick)));
        }
        assert!((speed.per_second().unwrap() - 30.0).abs() < 1e-9);
    }
}
