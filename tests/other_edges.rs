//! Edges of stability other than 2/η on the T6 net: momentum moves the limit, mini-batches keep the
//! sharpness below it. Bounds have a margin over values observed on calibration seeds.

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

use eoscope::config::{Batch, Interval, Rule, RunConfig, preset};
use training::{Told, last_quarter, max, mean, ratio, ratios, sharpness, train};

/// Seeds of the assertions; the first is that of the presets.
const SEEDS: [u64; 3] = [5, 1, 3];

/// A preset with only λ₁ measured.
fn quiet(name: &str, seed: u64) -> RunConfig {
    let mut config = preset(name).unwrap().config.clone();
    config.seed = seed;
    config.live.probe.top_k = 1;
    config.live.probe.min_every = Interval::Off;
    config.live.probe.audit_every = Interval::Off;
    config
}

/// The mean ratio over the last quarter of the T6 net under a rule with momentum.
fn plateau(rule: Rule, momentum: f64, lr: f64, seed: u64) -> f64 {
    let mut config = quiet("chebyshev-edge", seed);
    config.optimizer.rule = rule;
    config.live.momentum = momentum;
    config.live.peak_lr = lr;
    config.n_steps = 4000;
    let Told { samples, is_diverged } = train(config);
    assert!(!is_diverged, "{rule} {momentum}, seed {seed}");
    mean(&ratios(last_quarter(&samples)))
}

#[test]
fn e8_each_momentum_hovers_at_its_own_line() {
    for seed in SEEDS {
        for (rule, momentum, lr, band) in [
            (Rule::Nesterov, 0.5, 0.15, 0.97..=1.03),
            (Rule::Nesterov, 0.9, 0.1, 0.88..=1.04),
            (Rule::HeavyBall, 0.5, 0.3, 0.91..=1.04),
        ] {
            let seen = plateau(rule, momentum, lr, seed);
            assert!(band.contains(&seen), "{rule} {momentum}, seed {seed}: mean ratio {seen}");
        }
    }
}

#[test]
fn e8_heavy_ball_passes_two_over_eta_unharmed_and_crosses_its_own_line() {
    for seed in SEEDS {
        let config = quiet("heavy-ball-edge", seed);
        let lr = config.live.peak_lr;
        assert_eq!((config.live.momentum, lr), (0.9, 0.2));
        let Told { samples, is_diverged } = train(config);
        assert!(!is_diverged, "seed {seed}");
        assert!(ratio(&samples[0]) <= 0.8, "seed {seed} starts at {}", ratio(&samples[0]));
        let crossing = samples.iter().position(|s| ratio(s) >= 1.0).unwrap();
        assert!(crossing < 600, "seed {seed}: crosses 3.8/η at {crossing}");
        let passes = samples.iter().position(|s| sharpness(s) * lr >= 2.0).unwrap();
        assert!(passes < crossing, "seed {seed}");
        let peak = max(&ratios(&samples));
        assert!((1.0..=1.6).contains(&peak), "seed {seed}: max ratio {peak}");
    }
}

#[test]
fn the_nesterov_preset_hovers_below_two_over_eta() {
    let config = quiet("nesterov-edge", SEEDS[0]);
    let lr = config.live.peak_lr;
    let Told { samples, .. } = train(config);
    assert!(ratio(&samples[0]) <= 0.8, "starts at {}", ratio(&samples[0]));
    let plateau = mean(&last_quarter(&samples).iter().map(sharpness).collect::<Vec<_>>()) * lr;
    assert!((1.19..=1.42).contains(&plateau), "λ₁·η = {plateau}");
}

#[test]
fn e16_a_smaller_batch_keeps_the_sharpness_further_below_the_line() {
    let of = |n_batch: usize, seed| {
        let mut config = quiet("minibatch-edge", seed);
        assert_eq!(config.live.peak_lr, 0.2);
        config.n_steps = 8000;
        config.live.probe.batches_every = Interval::Off;
        config.optimizer.batch = Batch::Size(NonZeroUsize::new(n_batch).unwrap());
        let Told { samples, is_diverged } = train(config);
        assert!(!is_diverged, "batch {n_batch}, seed {seed}");
        mean(&ratios(last_quarter(&samples)))
    };
    let over_seeds = |n_batch| mean(&SEEDS.map(|seed| of(n_batch, seed)));
    let (fifteen, ten) = (over_seeds(15), over_seeds(10));
    assert!((0.92..=1.0).contains(&fifteen), "batch 15: {fifteen}");
    assert!((0.83..=0.99).contains(&ten), "batch 10: {ten}");
    assert!(ten < fifteen, "{ten} against {fifteen}");
}
