//! The speed of a run: steps a second over the last two seconds.
//! Takes the time as a number; has no clock of its own.

use std::collections::VecDeque;

use crate::history::Run;
use crate::protocol::RunId;

/// Seconds over which the speed is taken.
const WINDOW_SECS: f64 = 2.0;

/// Seconds between two samples of the speed; more would only fill memory.
const MIN_GAP_SECS: f64 = 0.05;

/// Steps a second over the last two seconds.
#[derive(Debug, Default)]
pub(in crate::ui) struct Speed {
    run: Option<RunId>,
    seen: VecDeque<(f64, u64)>,
}

impl Speed {
    /// Notes how far the run is at this time.
    pub(in crate::ui) fn note(&mut self, now_secs: f64, run: &Run) {
        if self.run != Some(run.id()) {
            self.run = Some(run.id());
            self.seen.clear();
        }
        // A hidden window drains events while its clock stands still.
        if self.seen.back().is_some_and(|(at, _)| now_secs - at < MIN_GAP_SECS) {
            return;
        }
        self.seen.push_back((now_secs, run.n_steps()));
        while self.seen.front().is_some_and(|(at, _)| now_secs - at > WINDOW_SECS) {
            self.seen.pop_front();
        }
    }

    /// Steps a second; `None` until enough time has passed.
    pub(in crate::ui) fn per_second(&self) -> Option<f64> {
        let (first, last) = (self.seen.front()?, self.seen.back()?);
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
