//! Trials beside a run do not change it, and report what such runs really do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use eoscope::config::{
    Batch, Clip, ClipMode, Interval, Normalization, RateRule, Rule, RunConfig, preset,
};
use eoscope::figure::{Suggestion, advice};
use eoscope::net::never;
use eoscope::sample::{EndKind, Question, Sample, Trials, TrialsStatus};
use eoscope::train::{HELD_STEPS, Hooks, Outcome, Trainer, TrialRunner};
use training::{Told, quiet, train};

const SEEDS: [u64; 3] = [1, 2, 3];

/// Takes a step; `None` if the run has diverged.
fn step(trainer: &mut Trainer) -> Option<Sample> {
    match trainer.step(Hooks::none()).unwrap() {
        Outcome::Stepped(record) => Some(record.sample),
        Outcome::Diverged(_) => None,
        Outcome::Interrupted => unreachable!("nobody interrupts"),
    }
}

fn tried(base: Trainer, question: Question) -> Trials {
    let mut runner = TrialRunner::new(base, question);
    while !runner.results().is_over() {
        runner.advance(Hooks::none()).unwrap();
    }
    assert_eq!(runner.results().status, TrialsStatus::Done);
    runner.results().clone()
}

fn rates(factors: &[f64], n_steps: u64) -> Question {
    Question::Rates { factors: factors.to_vec(), n_steps }
}

/// Runs with much state: momentum and preconditioner on batches, running statistics, a stateful rate rule,
/// a warmup in progress, and scheduled changes.
fn stateful() -> Vec<RunConfig> {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    config.model.hidden = vec![8, 8];
    config.live.probe.every = Interval::every(3);
    let mut adam = config.clone();
    adam.optimizer.rule = Rule::Adam;
    adam.optimizer.batch = Batch::Size(std::num::NonZeroUsize::new(8).unwrap());
    (adam.live.peak_lr, adam.live.warmup.steps) = (0.01, 12);
    let mut normal = config.clone();
    normal.model.normalization = Normalization::Batch;
    normal.live.rate.rule = RateRule::Catapult;
    let mut dated = config.clone();
    dated.optimizer.rule = Rule::TorqueAware;
    dated.changes = vec![eoscope::config::DatedChange {
        step: 9,
        set: [("live.momentum".to_owned(), toml::Value::Float(0.5))].into(),
    }];
    vec![config, adam, normal, dated]
}

#[test]
fn trials_leave_the_run_as_it_was_bit_for_bit() {
    for config in stateful() {
        let mut trainer = Trainer::new(config.clone(), 1, &never).unwrap();
        let mut twin = Trainer::new(config, 1, &never).unwrap();
        for _ in 0..5 {
            tried(trainer.clone(), rates(&[0.5, 1.0, 4.0], 10));
            assert_eq!(step(&mut trainer), step(&mut twin));
        }
    }
}

#[test]
fn a_trial_of_a_rate_is_what_the_run_does_at_that_rate_from_there() {
    for config in stateful() {
        let mut trainer = Trainer::new(config.clone(), 1, &never).unwrap();
        (0..6).for_each(|_| drop(step(&mut trainer)));
        let trials = tried(trainer.clone(), rates(&[0.5, 1.0, 2.0, 100.0], 20));
        for trial in &trials.trials {
            let mut real = trainer.clone();
            let mut live = real.live().clone();
            live.peak_lr *= trial.factor;
            real.tune(live).unwrap();
            let mut losses = Vec::new();
            for _ in 0..=20 {
                real.apply_dated_changes().unwrap();
                let Some(sample) = step(&mut real) else { break };
                losses.push(sample.loss);
            }
            let n = losses.len();
            assert_eq!(trial.losses[..n], losses, "× {}", trial.factor);
            let is_diverged = n < 21;
            assert_eq!(trial.end == Some(EndKind::DIVERGED), is_diverged, "× {}", trial.factor);
            assert_eq!(trial.n_taken(), if is_diverged { n as u64 } else { 20 });
        }
    }
}

#[test]
fn an_interrupted_trial_goes_on_as_if_it_had_not_been() {
    let config = stateful().swap_remove(1);
    let base = Trainer::new(config, 1, &never).unwrap();
    let whole = tried(base.clone(), rates(&[1.0, 2.0], 8));
    let mut runner = TrialRunner::new(base, rates(&[1.0, 2.0], 8));
    let asked = std::cell::Cell::new(0_u64);
    // Interrupts become rarer, so every step is taken in the end.
    let is_interrupted = || {
        asked.set(asked.get() + 1);
        asked.get().isqrt().pow(2) == asked.get()
    };
    while !runner.results().is_over() {
        runner.advance(Hooks { is_interrupted: &is_interrupted, ..Hooks::none() }).unwrap();
    }
    assert_eq!(*runner.results(), whole);
}

#[test]
fn the_recommended_rate_really_has_the_lowest_loss_of_those_tried() {
    let mut config = quiet("fashion-edge", 5);
    config.task.n_train = 200;
    (config.n_steps, config.live.peak_lr) = (150, 0.02);
    let trials =
        tried(Trainer::new(config.clone(), 1, &never).unwrap(), rates(&[0.5, 1.0, 2.0, 40.0], 149));
    let advice = advice(0, &trials).unwrap();
    let Some(Suggestion::Rate(found)) = advice.setting else { panic!("{advice:?}") };
    let end = |peak_lr: f64| {
        config.live.peak_lr = peak_lr;
        let Told { samples, is_diverged } = train(config.clone());
        let last = &samples[135..];
        let mean = last.iter().map(|s| s.loss).sum::<f64>() / last.len() as f64;
        (!is_diverged).then_some(mean)
    };
    let mut end = end;
    let [half, present, twice] = [0.01, 0.02, 0.04].map(|rate| end(rate).unwrap());
    assert_eq!(found, 0.04, "{half} {present} {twice}");
    assert!(twice < present && present < half);
    assert_eq!(trials.trials[2].last_loss(), Some(twice));
}

#[test]
fn a_suggested_warmup_survives_as_a_real_run_and_what_is_said_of_shorter_ones_is_so() {
    for seed in SEEDS {
        let mut config = quiet("blowup", 1000);
        config.seed = seed;
        let trials = tried(Trainer::new(config.clone(), 1, &never).unwrap(), Question::Warmup);
        let advice = advice(0, &trials).unwrap();
        let Some(Suggestion::Warmup(found)) = advice.setting else { panic!("{advice:?}") };
        let [bare, .., last] = trials.trials.as_slice() else { panic!("{trials:?}") };
        let ratio = bare.first_ratio().unwrap();
        assert!((10.0..40.0).contains(&ratio), "seed {seed}: {ratio}");
        assert!(trials.trials[1].warmup as f64 >= ratio && found == last.warmup);
        for trial in &trials.trials {
            let mut real = config.clone();
            real.live.warmup.steps = trial.warmup;
            real.n_steps = if trial.warmup == found { 600 } else { trial.n_steps };
            let Told { samples, is_diverged } = train(real);
            let highest = samples.iter().map(|s| s.loss).fold(0.0, f64::max);
            let is_low = highest <= 2.0 * samples[0].loss;
            if trial.end.unwrap() == EndKind::DIVERGED {
                assert!(is_diverged, "seed {seed}: {}", trial.warmup);
                assert_eq!(trial.n_taken() + 1, samples.len() as u64);
            } else {
                assert!(!is_diverged, "seed {seed}: {found}, {highest}");
                assert_eq!(trial.has_risen(&Question::Warmup), !is_low);
            }
        }
        let start = trials.trials[0].losses[0];
        assert!(last.losses.iter().all(|loss| *loss <= 2.0 * start));
        assert_eq!(last.n_taken(), found + HELD_STEPS);
    }
}

#[test]
fn no_warmup_is_suggested_to_a_run_that_starts_below_the_line_and_survives() {
    let trials =
        tried(Trainer::new(quiet("fashion-edge", 100), 1, &never).unwrap(), Question::Warmup);
    let advice = advice(0, &trials).unwrap();
    assert!(trials.trials[0].first_ratio().unwrap() < 1.0);
    assert_eq!((trials.trials.len(), advice.setting), (1, None));
    assert!(advice.sentence.starts_with("No warmup is needed"), "{}", advice.sentence);
}

#[test]
fn the_largest_stable_rate_puts_the_limit_on_the_sharpness_that_was_measured() {
    for rule in Rule::ALL.iter().copied() {
        let mut config = quiet("chebyshev-edge", 1);
        (config.optimizer.rule, config.live.peak_lr) = (rule, 0.001);
        let mut trainer = Trainer::new(config, 1, &never).unwrap();
        for _ in 0..4 {
            let mut sample = step(&mut trainer).unwrap();
            let Some(rate) = sample.largest_stable_rate else {
                assert_eq!(sample.stability_threshold, None, "{rule}");
                continue;
            };
            // The same step at the trial's rate.
            assert_eq!(sample.clip_scale, 1.0);
            let governing = sample.curvature.take().unwrap().governing().unwrap();
            let scale = sample.stability_threshold.unwrap() * 0.001;
            if rule != Rule::Sam {
                assert!((scale / rate / governing - 1.0).abs() < 1e-9, "{rule}: {rate}");
            }
            assert!((0.001 < rate) == (governing < sample.stability_threshold.unwrap()), "{rule}");
        }
    }
}

#[test]
fn a_clipped_norm_raises_the_largest_stable_rate_and_clipped_coordinates_leave_none() {
    for rule in [Rule::GradientDescent, Rule::HeavyBall, Rule::Adam, Rule::Sam] {
        let of = |mode: ClipMode| {
            let mut config = quiet("chebyshev-edge", 1);
            (config.optimizer.rule, config.live.peak_lr) = (rule, 0.001);
            config.live.clip = Clip::at(mode, 0.01);
            step(&mut Trainer::new(config, 1, &never).unwrap()).unwrap()
        };
        let clipped = of(ClipMode::Absolute);
        assert!(clipped.clip_scale < 0.5);
        let governing = clipped.curvature.clone().unwrap().governing().unwrap();
        let rate = clipped.largest_stable_rate.unwrap();
        // Far from its limit, SAM's threshold is no multiple of 1/η.
        if rule != Rule::Sam {
            let limit = clipped.effective_threshold.unwrap() * 0.001;
            assert!((limit / rate / governing - 1.0).abs() < 1e-9, "{rule}: {rate}");
        }
        // Adam's preconditioner uses the clipped gradient.
        if rule != Rule::Adam {
            let whole = of(ClipMode::Off).largest_stable_rate.unwrap();
            assert!((rate * clipped.clip_scale / whole - 1.0).abs() < 1e-9, "{rule}");
        }
        assert_eq!(of(ClipMode::Value).largest_stable_rate, None, "{rule}");
    }
}
