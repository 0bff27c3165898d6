//! Presets show what they promise, at full or reduced length; bands are calibrated on several seeds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use training::{n_rising, quiet, train};

#[test]
fn the_default_crosses_and_hovers() {
    let mut config = quiet("fashion-edge", 2);
    config.n_steps = 1001;
    let told = train(config);
    assert!(told.ratios()[0].1 <= 0.8, "starts at {}", told.ratios()[0].1);
    let crossing = told.crossing().unwrap();
    assert!((150..=600).contains(&crossing), "crosses at {crossing}");
    let mean = told.mean_ratio_after(crossing);
    assert!((1.00..=1.10).contains(&mean), "mean ratio {mean}");
    let crossing = usize::try_from(crossing).unwrap();
    assert_eq!(n_rising(&told.samples[..crossing]), 0, "no rising step before the crossing");
    let after = n_rising(&told.samples[crossing..]) as f64 / (1001 - crossing) as f64;
    assert!((0.2..=0.5).contains(&after), "rising steps after: {after}");
    assert!((0.05..=0.09).contains(&told.loss_at(1000)), "loss {}", told.loss_at(1000));
    assert!(told.samples[1000].accuracy.unwrap() >= 0.97);
}

#[test]
fn the_calm_preset_never_raises_the_loss() {
    let mut config = quiet("fashion-calm", 20);
    config.n_steps = 1000;
    let told = train(config);
    assert!(told.max_ratio() < 0.5 && told.ratios().last().unwrap().1 > told.ratios()[0].1);
    assert!(told.samples.windows(2).all(|w| w[1].loss <= w[0].loss));
}

#[test]
fn digits_and_spirals_start_below_the_line_and_cross_it_by_themselves() {
    for (name, n_steps) in [("digits-edge", 1500), ("spirals-edge", 2500)] {
        let mut config = quiet(name, 4);
        config.n_steps = n_steps;
        let told = train(config);
        assert!(told.ratios()[0].1 <= 0.8, "{name} starts at {}", told.ratios()[0].1);
        let crossing = told.crossing().unwrap_or_else(|| panic!("{name} never crosses"));
        let mean = told.mean_ratio_after(crossing);
        assert!((0.9..=1.12).contains(&mean), "{name}: mean ratio {mean} after {crossing}");
    }
}

#[test]
fn the_catapult_jumps_over_its_barrier() {
    let mut config = quiet("catapult", 1);
    config.n_steps = 600;
    let told = train(config);
    assert!(!told.is_diverged);
    assert!(told.ratios()[0].1 > 1.5, "starts above the line");
    let start = told.loss_at(0);
    let peak = told.samples.iter().map(|s| s.loss).fold(0.0, f64::max);
    assert!(peak > 1.05 * start, "the loss first rises: {peak} from {start}");
    assert!(told.loss_at(599) < 0.2 * start, "then training goes on");
    assert!(told.mean_ratio_after(300) < 1.3, "below a third of where λ₁ began");
}

#[test]
fn blowup_diverges_and_each_sibling_trains() {
    let plain = train(quiet("blowup", 1));
    assert!(plain.is_diverged && plain.samples.len() <= 40, "{} steps", plain.samples.len());
    assert!(plain.ratios()[0].1 > 10.0);
    let start = plain.loss_at(0);

    let warmup = train(quiet("blowup-warmup", 4));
    assert!(!warmup.is_diverged && warmup.samples.len() == 2000);
    assert!(warmup.samples.iter().all(|s| s.loss <= start * (1.0 + 1e-9)));
    assert!(warmup.max_ratio() <= 1.8, "max ratio {}", warmup.max_ratio());
    assert!(warmup.loss_at(1999) < 0.025, "loss {}", warmup.loss_at(1999));

    let clip = train(quiet("blowup-clip", 4));
    assert!(!clip.is_diverged && clip.loss_at(1999) < 0.04, "loss {}", clip.loss_at(1999));
    assert!(clip.samples[0].effective_learning_rate < 0.02, "η_eff starts tiny");
    let unclipped = clip.samples[1000..].iter().filter(|s| s.clip_scale == 1.0).count();
    assert!(unclipped > 900, "and grows to η by itself: {unclipped} of 1,000 unclipped");

    let small = train(quiet("blowup-small-init", 4));
    assert!(!small.is_diverged && small.loss_at(1999) < 0.025, "loss {}", small.loss_at(1999));
    assert!((0.4..0.9).contains(&small.ratios()[0].1), "starts below the line");
    assert!(small.crossing().is_some());
}
