//! λ₁ of a mini-batch run stays below 2/η because the batch sharpness reaches it instead (arXiv
//! 2412.20553). Bounds have a margin over values observed on calibration seeds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use std::num::NonZeroUsize;

use eoscope::config::{Batch, Interval, preset};
use eoscope::sample::Sample;
use training::{Told, last_quarter, mean, quiet, sharpness, train};

/// Seeds of the assertions; the first is the preset's.
const SEEDS: [u64; 3] = [5, 1, 3];

/// Means of η·λ₁ and η times the batch sharpness over the last quarter of a run of the T6 net with
/// η = 0.2, measured on 200 batches at every 50th step.
fn late(n_batch: usize, n_steps: u64, seed: u64) -> [f64; 2] {
    let mut config = quiet("minibatch-edge", 50);
    (config.seed, config.n_steps) = (seed, n_steps);
    config.optimizer.batch = Batch::Size(NonZeroUsize::new(n_batch).unwrap());
    config.live.probe.batches_every = Interval::every(50);
    config.live.probe.n_batches = 200;
    let lr = config.live.peak_lr;
    assert_eq!(lr, 0.2);
    let Told { samples, is_diverged } = train(config);
    assert!(!is_diverged, "batch {n_batch}, seed {seed}");
    let measured = last_quarter(&samples).iter().filter(|s| s.curvature.is_some());
    let [mut sharpest, mut along] = [Vec::new(), Vec::new()];
    for sample in measured {
        sharpest.push(sharpness(sample) * lr);
        along.push(sample.curvature.as_ref().unwrap().batches.unwrap().sharpness * lr);
    }
    [mean(&sharpest), mean(&along)]
}

#[test]
fn e16_batch_sharpness_goes_to_two_over_eta() {
    for n_batch in [15, 10] {
        for seed in SEEDS {
            let [_, seen] = late(n_batch, 8000, seed);
            assert!((1.6..=2.05).contains(&seen), "batch {n_batch}, seed {seed}: {seen}");
        }
    }
}

/// First ratio λ₁·η/2 of `fashion-minibatch`, and means of η·λ₁ and η times the batch sharpness over
/// the last half.
fn of_fashion(seed: u64) -> [f64; 3] {
    let mut config = quiet("fashion-minibatch", 40);
    config.seed = seed;
    config.live.probe.batches_every = Interval::every(40);
    let lr = config.live.peak_lr;
    let told = train(config);
    assert!(!told.is_diverged && told.loss_at(3999) < 0.1, "seed {seed}");
    let late = |read: &dyn Fn(&Sample) -> f64| {
        let half = &told.samples[2000..];
        let measured = half.iter().filter(|s| s.curvature.is_some());
        mean(&measured.map(|s| lr * read(s)).collect::<Vec<_>>())
    };
    let along = |s: &Sample| s.curvature.as_ref().unwrap().batches.unwrap().sharpness;
    [told.ratios()[0].1, late(&sharpness), late(&along)]
}

#[test]
fn on_fashion_the_sharpness_settles_far_below_the_line_and_the_batch_sharpness_near_it() {
    for seed in [1, 2, 3] {
        let [start, sharpest, along] = of_fashion(seed);
        assert!(start < 0.6, "seed {seed} starts at {start}");
        assert!((0.85..=1.35).contains(&sharpest), "seed {seed}: λ₁·η = {sharpest}");
        assert!((1.5..=2.05).contains(&along), "seed {seed}: batch sharpness·η = {along}");
    }
}

#[test]
fn with_the_presets_small_batches_the_sharpness_stays_below_a_batch_sharpness_near_two_over_eta() {
    let preset = &preset("minibatch-edge").unwrap().config;
    let n_batch = preset.optimizer.batch.size(preset.task.n_train);
    for seed in SEEDS {
        let [sharpest, along] = late(n_batch, preset.n_steps, seed);
        assert!((1.5..=2.05).contains(&along), "seed {seed}: batch sharpness·η = {along}");
        assert!(sharpest < 0.95 * along, "seed {seed}: λ₁·η = {sharpest} against {along}");
    }
}
