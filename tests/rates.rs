//! Rate rules and clipping: results on the T6 net and on family A, and every combination of them, with
//! snapshots and live changes.

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
    Batch, Clip, ClipMode, DatedChange, Interval, RateRule, Rule, RunConfig, ScheduleShape, preset,
};
use eoscope::net::never;
use eoscope::sample::{Sample, SearchKind};
use eoscope::train::{Hooks, Outcome, Trainer};
use toml::Value;
use training::{Told, last_quarter, max, mean, n_rising, quantile, quiet, sharpness, train};

/// Seeds of the assertions; the first is that of the presets.
const SEEDS: [u64; 3] = [5, 1, 3];

fn cdat(seed: u64, sigma: f64) -> Vec<Sample> {
    let mut config = quiet("cdat", 1);
    config.seed = seed;
    config.live.rate.sigma = sigma;
    let Told { samples, is_diverged } = train(config);
    assert!(!is_diverged, "seed {seed}");
    samples
}

/// η·λ₁ of every sample.
fn products(samples: &[Sample]) -> Vec<f64> {
    samples.iter().map(|sample| sample.learning_rate * sharpness(sample)).collect()
}

fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

#[test]
fn e17_cdat_at_one_and_a_half_keeps_to_the_edge_and_never_raises_the_loss() {
    for seed in SEEDS {
        let samples = cdat(seed, 1.5);
        let off: Vec<f64> =
            products(last_quarter(&samples)).iter().map(|p| (p - 2.0).abs()).collect();
        assert!(median(&off) < 0.01, "seed {seed}: {}", median(&off));
        assert_eq!(n_rising(&samples), 0, "seed {seed}");
        let rates: Vec<f64> = samples.iter().map(|sample| sample.learning_rate).collect();
        let [first, last] = [&rates[..1000], &rates[3000..]].map(median);
        assert!(last < 0.6 * first, "seed {seed}: the rate goes from {first} to {last}");
        let grown = sharpness(&samples[3999]) / sharpness(&samples[0]);
        assert!(grown > 2.0, "seed {seed}: λ₁ grows by {grown}");
    }
}

#[test]
fn e17_cdat_at_one_zigzags_across_the_edge_and_line_search_does_the_same() {
    let mut searched = quiet("cdat", 1);
    (searched.live.rate.rule, searched.n_steps) = (RateRule::LineSearch, 2000);
    for samples in SEEDS.map(|seed| cdat(seed, 1.0)).into_iter().chain([train(searched).samples]) {
        let products = products(&samples);
        let below = products.iter().filter(|p| **p < 2.0).count() as f64 / products.len() as f64;
        assert!((0.48..=0.52).contains(&below), "{below} of all steps are below 2");
        // η·λ₁ crosses 2 at nearly every step.
        let sides = products.windows(2).filter(|pair| (pair[0] < 2.0) != (pair[1] < 2.0)).count();
        assert!(sides as f64 > 0.9 * products.len() as f64, "{sides} changes of side");
        assert_eq!(n_rising(&samples), 0);
    }
}

#[test]
fn e17_cdat_at_two_flattens_and_does_not_settle() {
    for seed in SEEDS {
        let samples = cdat(seed, 2.0);
        let last = last_quarter(&samples);
        let product = median(&products(last));
        assert!((2.0..=2.8).contains(&product), "seed {seed}: {product}");
        let [start, end] = [&samples[..20], &samples[3900..]]
            .map(|part| mean(&part.iter().map(sharpness).collect::<Vec<_>>()));
        assert!(end < 0.85 * start, "seed {seed}: λ₁ from {start} to {end}");
        let rising = n_rising(last) as f64 / last.len() as f64;
        assert!(rising > 0.3, "seed {seed}: {rising} of the last steps raise the loss");
    }
}

#[test]
fn a_line_search_leaves_no_shorter_or_longer_step_that_is_better() {
    let mut config = quiet("cdat", 1);
    config.live.rate.rule = RateRule::LineSearch;
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    for _ in 0..20 {
        let before = trainer.snapshot();
        let rate = step(&mut trainer).learning_rate;
        let chosen = step(&mut trainer).loss;
        for factor in [0.97, 1.03] {
            let mut other = before.live().clone();
            other.rate.rule = RateRule::Schedule;
            other.peak_lr = rate * factor;
            trainer.restore(&before);
            trainer.tune(other).unwrap();
            step(&mut trainer);
            let beside = step(&mut trainer).loss;
            assert!(chosen < beside, "η = {rate}: {chosen}, but {beside} at {factor} of it");
        }
        trainer.restore(&before);
        step(&mut trainer);
    }
}

#[test]
fn a_catapult_warmup_survives_where_the_same_peak_at_once_diverges() {
    for seed in SEEDS {
        let mut config = quiet("chebyshev-edge", 1);
        (config.seed, config.n_steps) = (seed, 1500);
        config.init.output_scale = 5.0;
        let first = step(&mut Trainer::new(config.clone(), 1, &never).unwrap());
        config.live.peak_lr = 24.0 / sharpness(&first);
        assert!(train(config.clone()).is_diverged, "seed {seed}");
        config.live.rate.rule = RateRule::Catapult;
        config.live.rate.raise = 1.3;
        let Told { samples, is_diverged } = train(config.clone());
        assert!(!is_diverged, "seed {seed}");
        let rates: Vec<f64> = samples.iter().map(|sample| sample.learning_rate).collect();
        // The rate starts at the edge of step 0, never falls, and ends at the peak.
        let begun = rates[0] * sharpness(&first);
        assert!((1.5..=2.1).contains(&begun), "seed {seed}: η₀·λ₁ = {begun}");
        assert!(rates.windows(2).all(|pair| pair[0] <= pair[1]), "seed {seed}");
        assert_eq!(*rates.last().unwrap(), config.live.peak_lr, "seed {seed}");
        // Each raise has a lower loss than the previous raise.
        let raised = rates.windows(2).enumerate().filter(|(_, pair)| pair[1] > pair[0]);
        let losses: Vec<f64> = raised.map(|(i, _)| samples[i + 1].loss).collect();
        assert!(losses.windows(2).all(|pair| pair[1] < pair[0]), "seed {seed}: {losses:?}");
    }
}

#[test]
fn adaptive_clipping_saves_the_blowup_binds_at_first_and_lets_go() {
    for seed in [1, 2, 3] {
        let mut config = quiet("agc", 4);
        config.seed = seed;
        let Told { samples, is_diverged } = train(config);
        assert!(!is_diverged && samples.len() == 2000, "seed {seed}");
        let fraction = |part: &[Sample]| {
            mean(&part.iter().map(|sample| sample.clipped_fraction.unwrap()).collect::<Vec<_>>())
        };
        assert!(samples[0].clipped_fraction.unwrap() > 0.9, "seed {seed}");
        assert!(samples[0].clip_scale < 0.5, "seed {seed}");
        assert!(fraction(&samples[..10]) > 0.4, "seed {seed}: {}", fraction(&samples[..10]));
        assert!(fraction(&samples[200..]) < 0.02, "seed {seed}: {}", fraction(&samples[200..]));
        let losses: Vec<f64> = samples.iter().map(|sample| sample.loss).collect();
        assert!(max(&losses) <= losses[0] && losses[1999] < 0.03, "seed {seed}");
    }
}

#[test]
fn a_clipped_step_has_the_effective_rate_and_the_fraction_it_says() {
    for (mode, value) in
        [(ClipMode::Absolute, 0.02), (ClipMode::Value, 0.01), (ClipMode::Adaptive, 0.01)]
    {
        let mut config = quiet("chebyshev-edge", 1);
        config.live.clip = Clip::at(mode, value);
        let mut trainer = Trainer::new(config, 1, &never).unwrap();
        for _ in 0..5 {
            let sample = step(&mut trainer);
            assert!(sample.clip_scale < 1.0 && sample.clipped_fraction.unwrap() > 0.0, "{mode}");
            let effective = sample.learning_rate * sample.clip_scale;
            assert_eq!(sample.effective_learning_rate, effective);
            // ‖Δw‖ = η·‖g̃‖ = η_eff·‖g‖ of gradient descent.
            let moved = sample.update_norm / (effective * sample.grad_norm);
            assert!((moved - 1.0).abs() < 1e-12, "{mode}: {moved}");
            assert_eq!(sample.clip_level.is_some(), mode == ClipMode::Absolute);
        }
    }
}

fn step(trainer: &mut Trainer) -> Sample {
    match trainer.step(Hooks::none()).unwrap() {
        Outcome::Stepped(record) => record.sample,
        Outcome::Diverged(_) | Outcome::Interrupted => panic!("the run goes on"),
    }
}

fn tiny(rule: RateRule, shape: ScheduleShape, mode: ClipMode) -> RunConfig {
    let mut config = quiet("chebyshev-edge", 10);
    config.n_steps = 30;
    config.model.hidden = vec![6];
    config.live.rate.rule = rule;
    config.live.rate.sigma = 1.0;
    config.live.schedule.shape = shape;
    config.live.schedule.steps = 7;
    config.live.warmup.steps = 5;
    config.live.clip = Clip::at(mode, mode.default_level());
    config
}

#[test]
fn every_rule_goes_with_every_schedule_and_every_clipping_on_batches_and_with_momentum() {
    let batches = [Batch::Full, Batch::Size(std::num::NonZeroUsize::new(8).unwrap())];
    for rule in RateRule::ALL {
        for shape in ScheduleShape::ALL {
            for mode in ClipMode::ALL {
                for (batch, optimizer) in
                    batches.into_iter().zip([Rule::GradientDescent, Rule::Adam])
                {
                    let mut config = tiny(*rule, *shape, *mode);
                    (config.optimizer.batch, config.optimizer.rule) = (batch, optimizer);
                    if optimizer == Rule::Adam {
                        config.live.peak_lr = 0.01;
                    }
                    let told = train(config);
                    let named = format!("{rule} {shape} {mode} {optimizer}");
                    assert!(!told.is_diverged && told.samples.len() == 30, "{named}");
                    for sample in told.samples {
                        let numbers = [sample.loss, sample.learning_rate, sample.update_norm];
                        assert!(numbers.iter().all(|x| x.is_finite()), "{named}: {sample:?}");
                        assert!(sample.learning_rate >= 0.0 && sample.clip_scale <= 1.0, "{named}");
                        assert_eq!(sample.clipped_fraction.is_some(), *mode != ClipMode::Off);
                    }
                }
            }
        }
    }
}

#[test]
fn a_restored_run_goes_on_bit_for_bit_under_every_rule_and_clipping() {
    for rule in RateRule::ALL {
        for mode in [ClipMode::Off, ClipMode::Value, ClipMode::Adaptive] {
            let mut config = tiny(*rule, ScheduleShape::Restarts, mode);
            config.live.probe.every = Interval::every(2);
            let mut trainer = Trainer::new(config.clone(), 1, &never).unwrap();
            (0..9).for_each(|_| drop(step(&mut trainer)));
            let snapshot = trainer.snapshot();
            let once: Vec<Sample> = (0..9).map(|_| step(&mut trainer)).collect();
            trainer.restore(&snapshot);
            let again: Vec<Sample> = (0..9).map(|_| step(&mut trainer)).collect();
            assert_eq!(again, once, "{rule} {mode}");
            let mut other = Trainer::new(config, 1, &never).unwrap();
            other.restore(&snapshot);
            let other: Vec<Sample> = (0..9).map(|_| step(&mut other)).collect();
            assert_eq!(other, once, "{rule} {mode}, in another trainer");
        }
    }
}

#[test]
fn sigma_and_the_rule_take_effect_at_the_next_step() {
    let mut trainer = Trainer::new(quiet("cdat", 1), 1, &never).unwrap();
    (0..3).for_each(|_| drop(step(&mut trainer)));
    let snapshot = trainer.snapshot();
    let before = step(&mut trainer).learning_rate;
    trainer.restore(&snapshot);
    let mut live = trainer.live().clone();
    live.rate.sigma = 0.75;
    trainer.tune(live.clone()).unwrap();
    let halved = step(&mut trainer);
    assert_eq!(halved.learning_rate, before * 0.5);
    assert_eq!(halved.stability_threshold, Some(2.0 / halved.learning_rate));
    live.rate.rule = RateRule::Schedule;
    trainer.tune(live).unwrap();
    assert_eq!(step(&mut trainer).learning_rate, preset("cdat").unwrap().config.live.peak_lr);
}

#[test]
fn an_interrupted_decision_leaves_no_trace() {
    for rule in [RateRule::Cdat, RateRule::LineSearch, RateRule::Catapult] {
        let mut config = quiet("cdat", 1);
        config.live.probe.every = Interval::Off;
        config.live.rate.rule = rule;
        let mut trainer = Trainer::new(config.clone(), 1, &never).unwrap();
        let mut twin = Trainer::new(config, 1, &never).unwrap();
        let asked = std::cell::Cell::new(0);
        let hooks = Hooks {
            is_interrupted: &|| {
                asked.set(asked.get() + 1);
                asked.get() > 1
            },
            now_ms: &|| 0.0,
            ..Hooks::none()
        };
        assert_eq!(trainer.step(hooks).unwrap(), Outcome::Interrupted, "{rule}");
        for _ in 0..5 {
            assert_eq!(step(&mut trainer), step(&mut twin), "{rule}");
        }
    }
}

const SEARCHES: [SearchKind; 2] = [SearchKind::FirstRate, SearchKind::RangeTest];

/// Runs that a search must not change: with momentum on batches, with batch norm, under a stateful rate
/// rule.
fn searched() -> Vec<RunConfig> {
    let eight = Batch::Size(std::num::NonZeroUsize::new(8).unwrap());
    let mut adam = tiny(RateRule::Schedule, ScheduleShape::Cosine, ClipMode::Off);
    (adam.optimizer.rule, adam.optimizer.batch, adam.live.peak_lr) = (Rule::Adam, eight, 0.01);
    let mut normal = tiny(RateRule::Catapult, ScheduleShape::Constant, ClipMode::Absolute);
    normal.model.normalization = eoscope::config::Normalization::Batch;
    normal.live.probe.every = Interval::every(1);
    vec![tiny(RateRule::LineSearch, ScheduleShape::Constant, ClipMode::Value), adam, normal]
}

#[test]
fn a_search_leaves_the_run_as_it_was_bit_for_bit_whether_it_ends_or_is_interrupted() {
    for config in searched() {
        for kind in SEARCHES {
            let mut trainer = Trainer::new(config.clone(), 1, &never).unwrap();
            let mut twin = Trainer::new(config.clone(), 1, &never).unwrap();
            for step_number in 0..6 {
                let before = trainer.live().clone();
                let search = trainer.search(kind, Hooks::none()).unwrap().unwrap();
                assert!(search.points.is_sorted_by(|a, b| a[0] < b[0]), "{kind:?}");
                assert!(search.points.iter().flatten().all(|x| x.is_finite()), "{kind:?}");
                let asked = std::cell::Cell::new(0);
                let hooks = Hooks {
                    is_interrupted: &|| {
                        asked.set(asked.get() + 1);
                        asked.get() > 2
                    },
                    now_ms: &|| 0.0,
                    ..Hooks::none()
                };
                assert_eq!(trainer.search(kind, hooks).unwrap(), None, "{kind:?}");
                assert_eq!(*trainer.live(), before);
                let wanted = step(&mut twin);
                if kind == SearchKind::FirstRate {
                    assert_eq!(search.start_loss, wanted.loss);
                }
                assert_eq!(step(&mut trainer), wanted, "{kind:?} before step {step_number}");
            }
        }
    }
}

#[test]
fn the_found_rate_lowers_the_loss_and_one_a_little_larger_does_not() {
    for seed in SEEDS {
        let mut config = quiet("chebyshev-edge", 1);
        config.seed = seed;
        let mut trainer = Trainer::new(config, 1, &never).unwrap();
        for _ in 0..3 {
            let search = trainer.search(SearchKind::FirstRate, Hooks::none()).unwrap().unwrap();
            let found = search.found.unwrap();
            let before = trainer.snapshot();
            let after = [found, 1.02 * found].map(|peak_lr| {
                trainer.restore(&before);
                let mut live = before.live().clone();
                live.peak_lr = peak_lr;
                trainer.tune(live).unwrap();
                step(&mut trainer);
                step(&mut trainer).loss
            });
            assert!(after[0] < search.start_loss, "seed {seed}: {found}, {after:?}");
            assert!(after[1] >= search.start_loss, "seed {seed}: {found}, {after:?}");
            trainer.restore(&before);
            (0..50).for_each(|_| drop(step(&mut trainer)));
        }
    }
}

#[test]
fn a_range_test_ends_where_the_loss_blows_up_and_suggests_a_rate_that_trains() {
    for seed in SEEDS {
        let mut config = quiet("chebyshev-edge", 1);
        (config.seed, config.n_steps) = (seed, 300);
        let mut trainer = Trainer::new(config.clone(), 1, &never).unwrap();
        let search = trainer.search(SearchKind::RangeTest, Hooks::none()).unwrap().unwrap();
        let (found, steepest) = (search.found.unwrap(), search.steepest.unwrap());
        assert!(steepest <= found, "seed {seed}: {steepest}, {found}");
        let lowest = search.points.iter().map(|point| point[1]).fold(f64::INFINITY, f64::min);
        let [last_rate, last_loss] = *search.points.last().unwrap();
        assert!(last_loss > 4.0 * lowest && last_rate > found, "seed {seed}: {last_loss}");
        let ratio = search.points[1][0] / search.points[0][0];
        assert!((ratio - 10_f64.powf(0.05)).abs() < 1e-9);
        config.live.peak_lr = search.suggested.unwrap();
        let Told { samples, is_diverged } = train(config);
        let end = samples.last().unwrap().loss;
        assert!(!is_diverged && end < 0.95 * search.start_loss, "seed {seed}: {end}");
    }
}

#[test]
fn a_replay_with_dated_changes_of_rule_and_sigma_is_the_run_in_which_a_person_made_them() {
    let config = tiny(RateRule::Cdat, ScheduleShape::Constant, ClipMode::Off);
    let mut tuned = Trainer::new(config.clone(), 1, &never).unwrap();
    let mut replayed = config.clone();
    for (step_number, key, value) in [
        (4, "live.rate.sigma", Value::Float(0.5)),
        (8, "live.rate.rule", Value::String("line-search".into())),
        (12, "live.rate.rule", Value::String("catapult".into())),
        (16, "live.clip.mode", Value::String("value".into())),
    ] {
        let set = [(key.to_owned(), value)].into();
        replayed.changes.push(DatedChange { step: step_number, set });
    }
    let mut by_hand = config;
    let mut samples = Vec::new();
    for step_number in 0..20 {
        for change in replayed.changes.iter().filter(|change| change.step == step_number) {
            by_hand.live = change.applied_to(&by_hand.live).unwrap();
            tuned.tune(by_hand.live.clone()).unwrap();
        }
        samples.push(step(&mut tuned));
    }
    let mut again = Trainer::new(replayed, 1, &never).unwrap();
    for wanted in samples {
        again.apply_dated_changes().unwrap();
        assert_eq!(step(&mut again), wanted);
    }
}
