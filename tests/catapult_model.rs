//! The catapult in its smallest model, a linear network 1–m–1 without biases on the point (1, 0),
//! against its exact two-variable dynamics (arXiv 2003.02218).
//!
//! Standard parametrization: f = v·u and λ = ‖u‖² + ‖v‖² = ‖w‖², the tangent kernel. Gradient
//! descent on L = f²/2 then is f′ = f(1 − ηλ + η²f²), λ′ = λ + ηf²(ηλ − 4) for any width.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use eoscope::config::{RunConfig, preset};
use eoscope::net::never;
use eoscope::sample::Sample;
use eoscope::train::{Hooks, Outcome, Trainer};
use training::{max, sharpness, train};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=8;

/// Below this loss, f is dominated by rounding errors of a sum of numbers near 1.
const ROUNDING: f64 = 1e-28;

/// The two variables that determine the dynamics.
#[derive(Clone, Copy, Debug)]
struct State {
    /// Output on the point.
    f: f64,
    /// Tangent kernel on the point.
    kernel: f64,
}

impl State {
    /// Computes them from the parameters u, then v.
    fn of(trainer: &Trainer) -> Self {
        let w = trainer.params().to_vec1::<f64>().unwrap();
        let (u, v) = w.split_at(w.len() / 2);
        let f = u.iter().zip(v).map(|(u, v)| u * v).sum();
        Self { f, kernel: w.iter().map(|w| w * w).sum() }
    }

    /// One step of gradient descent.
    fn next(self, lr: f64) -> Self {
        let Self { f, kernel } = self;
        Self {
            f: f * (1.0 - lr * kernel + lr * lr * f * f),
            kernel: kernel + lr * f * f * (lr * kernel - 4.0),
        }
    }

    /// The largest eigenvalue of the Hessian, λ/2 + √(λ²/4 + 3f²).
    fn sharpness(self) -> f64 {
        let Self { f, kernel } = self;
        kernel / 2.0 + (kernel * kernel / 4.0 + 3.0 * f * f).sqrt()
    }
}

fn model(seed: u64) -> RunConfig {
    RunConfig { seed, ..preset("catapult-model").unwrap().config.clone() }
}

/// λ at a sample: the squared norm of all parameters.
fn kernel(sample: &Sample) -> f64 {
    sample.param_norm.powi(2)
}

/// The model with the learning rate that gives this η·λ(0).
fn started_at(edge: f64, seed: u64) -> RunConfig {
    let mut config = RunConfig { n_steps: 300, ..model(seed) };
    config.live.peak_lr =
        edge / State::of(&Trainer::new(config.clone(), 1, &never).unwrap()).kernel;
    config
}

#[test]
fn every_step_of_the_trainer_is_the_recursion() {
    for seed in SEEDS {
        for edge in [1.0, 3.0, 3.9] {
            let config = started_at(edge, seed);
            let lr = config.live.peak_lr;
            let mut trainer = Trainer::new(config, 1, &never).unwrap();
            for step in 0..60 {
                let before = State::of(&trainer);
                let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else {
                    panic!("seed {seed}, η·λ = {edge}: no step {step}");
                };
                let (wanted, seen) = (before.next(lr), State::of(&trainer));
                let context =
                    format!("seed {seed}, η·λ = {edge}, step {step}: {wanted:?}, {seen:?}");
                assert!((wanted.f - seen.f).abs() < 1e-10, "{context}");
                assert!((wanted.kernel - seen.kernel).abs() < 1e-10, "{context}");
                // A sample is taken before its step.
                assert!(
                    (record.sample.loss - before.f * before.f / 2.0).abs() < 1e-12,
                    "{context}"
                );
                assert!((kernel(&record.sample) - before.kernel).abs() < 1e-12, "{context}");
            }
        }
    }
}

#[test]
fn the_sharpness_measured_is_that_of_the_hessian_which_is_the_kernel_only_where_f_is_zero() {
    let mut trainer = Trainer::new(model(1), 1, &never).unwrap();
    let mut gaps = Vec::new();
    while !trainer.is_finished() {
        let state = State::of(&trainer);
        let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else { panic!() };
        let measured = sharpness(&record.sample);
        assert!((measured / state.sharpness() - 1.0).abs() < 1e-6, "{state:?}: {measured}");
        gaps.push(measured / state.kernel - 1.0);
    }
    assert!(max(&gaps) > 0.2, "during the catapult they differ: {}", max(&gaps));
    assert!(gaps.last().unwrap().abs() < 1e-6, "{gaps:?}");
}

#[test]
fn below_two_the_loss_never_rises() {
    for seed in SEEDS {
        for edge in [0.5, 1.0, 1.9] {
            let told = train(started_at(edge, seed));
            assert!(!told.is_diverged);
            for pair in told.samples.windows(2).filter(|pair| pair[0].loss > ROUNDING) {
                assert!(pair[1].loss <= pair[0].loss, "seed {seed}, η·λ = {edge}: {pair:?}");
                let shrunk = kernel(&pair[1]) / kernel(&pair[0]);
                assert!(shrunk <= 1.0 + 1e-14, "seed {seed}, η·λ = {edge}: {shrunk}");
            }
            assert!(told.samples.last().unwrap().loss < 1e-8 * told.samples[0].loss);
        }
    }
}

#[test]
fn between_two_and_four_the_loss_rises_until_the_kernel_is_below_two_and_then_converges() {
    for seed in SEEDS {
        for edge in [2.5, 3.0, 3.8] {
            let config = started_at(edge, seed);
            let lr = config.live.peak_lr;
            let told = train(config);
            let context = format!("seed {seed}, η·λ = {edge}");
            assert!(!told.is_diverged, "{context}");
            let (first, last) = (&told.samples[0], told.samples.last().unwrap());
            assert!(told.samples[1].loss > first.loss, "{context}");
            assert!(lr * kernel(last) < 2.0, "{context}: ends at {}", lr * kernel(last));
            // The final η·λ can be so small that convergence is slow.
            assert!(last.loss < 1e-2 * first.loss, "{context}: {}", last.loss);
            let is_rise = |pair: &&[Sample]| pair[1].loss > pair[0].loss.max(ROUNDING);
            for pair in told.samples.windows(2).filter(is_rise) {
                assert!(lr * kernel(&pair[0]) > 2.0, "{context}: {pair:?}");
            }
        }
    }
}

#[test]
fn above_four_it_diverges() {
    for seed in SEEDS {
        for edge in [4.3, 5.0, 8.0] {
            let told = train(started_at(edge, seed));
            assert!(told.is_diverged, "seed {seed}, η·λ = {edge}");
            assert!(told.samples.len() < 60, "seed {seed}, η·λ = {edge}: {}", told.samples.len());
        }
    }
}

#[test]
fn the_preset_shows_a_catapult() {
    let config = model(preset("catapult-model").unwrap().config.seed);
    let lr = config.live.peak_lr;
    let told = train(config);
    assert!(!told.is_diverged);
    let (first, last) = (&told.samples[0], told.samples.last().unwrap());
    let starts = [lr * kernel(first), lr * sharpness(first)];
    assert!(starts.iter().all(|edge| (2.0..4.0).contains(edge)), "{starts:?}");
    let losses: Vec<f64> = told.samples.iter().map(|sample| sample.loss).collect();
    assert!(losses[..4].windows(2).all(|pair| pair[1] > 1.5 * pair[0]), "{losses:?}");
    let rise = max(&losses) / losses[0];
    assert!((10.0..40.0).contains(&rise), "rises {rise} times");
    assert!(lr * sharpness(last) < 2.0 && last.loss < 1e-9, "{last:?}");
}
