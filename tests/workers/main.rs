//! The worker threads: order of events, stopping, pausing, panics, and replay.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "../common/hub.rs"]
mod hub;

mod events;
mod interrupting;
mod recording;
mod searching;

use eoscope::config::{Interval, Pace, RunConfig, preset};
use eoscope::protocol::{Event, Sample};

fn config(n_steps: u64) -> RunConfig {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    config.n_steps = n_steps;
    config.live.pace = Pace::Unlimited;
    config.live.probe.min_every = Interval::every(50);
    config.live.probe.audit_every = Interval::every(50);
    config
}

fn samples(events: &[Event]) -> Vec<Sample> {
    let mut samples = Vec::new();
    for event in events {
        if let Event::Sampled { records, .. } = event {
            samples.extend(records.iter().map(|record| record.sample.clone()));
        }
    }
    samples
}

fn assert_consecutive(samples: &[Sample]) {
    for (i, sample) in samples.iter().enumerate() {
        assert_eq!(sample.step, i as u64, "no sample is missing or repeated");
    }
}
