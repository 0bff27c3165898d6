//! Presets of other tasks, architectures and normalizations show what they promise, at full or reduced
//! length.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use eoscope::config::{Clip, ClipMode, RunConfig};
use training::{quiet, train};

/// The run starts below the limit at this ratio, crosses it within these steps, and then stays at this
/// mean ratio.
struct Edge {
    name: &'static str,
    every: u64,
    n_steps: u64,
    starts: std::ops::RangeInclusive<f64>,
    crosses: std::ops::RangeInclusive<u64>,
    hovers: std::ops::RangeInclusive<f64>,
}

impl Edge {
    fn check(&self) {
        let mut config = quiet(self.name, self.every);
        config.n_steps = self.n_steps;
        let told = train(config);
        let name = self.name;
        assert!(!told.is_diverged, "{name} diverged");
        let start = told.ratios()[0].1;
        assert!(self.starts.contains(&start), "{name} starts at {start}");
        let crossing = told.crossing().unwrap_or_else(|| panic!("{name} never crosses"));
        assert!(self.crosses.contains(&crossing), "{name} crosses at {crossing}");
        let mean = told.mean_ratio_after(crossing);
        assert!(self.hovers.contains(&mean), "{name}: mean ratio {mean} after {crossing}");
        let (first, last) = (told.loss_at(0), told.samples[told.samples.len() - 1].loss);
        assert!(last < first, "{name}: loss {first} → {last}");
    }
}

#[test]
fn further_tasks_bring_the_default_network_to_the_edge() {
    let edges = [
        ("mnist1d-edge", 500, 0.5..=0.95, 60..=250, 1.0..=1.15),
        ("shapes-grey-edge", 900, 0.3..=0.7, 350..=850, 0.98..=1.12),
        ("clusters-edge", 1200, 0.3..=0.6, 400..=1000, 0.98..=1.06),
        ("teacher-edge", 500, 0.3..=0.7, 80..=400, 0.98..=1.08),
    ];
    for (name, n_steps, starts, crosses, hovers) in edges {
        Edge { name, every: 3, n_steps, starts, crosses, hovers }.check();
    }
}

#[test]
fn further_architectures_reach_the_edge() {
    let edges = [
        ("residual-edge", 500, 0.5..=0.85, 100..=350, 0.98..=1.12),
        ("cnn-edge", 220, 0.15..=0.4, 120..=200, 0.9..=1.4),
        ("densenet-edge", 180, 0.4..=0.7, 80..=160, 0.95..=1.4),
        ("sorting-edge", 200, 0.15..=0.4, 80..=180, 0.95..=1.6),
        ("patches-edge", 260, 0.5..=0.9, 120..=250, 0.95..=1.25),
    ];
    for (name, n_steps, starts, crosses, hovers) in edges {
        Edge { name, every: 6, n_steps, starts, crosses, hovers }.check();
    }
}

#[test]
fn a_deep_linear_network_comes_to_rest_just_under_the_line() {
    let mut config = quiet("deep-linear-edge", 3);
    config.n_steps = 1200;
    let told = train(config);
    assert!(told.ratios()[0].1 < 0.5, "starts at {}", told.ratios()[0].1);
    assert!(told.crossing().is_some_and(|step| step < 60) && told.max_ratio() < 1.3);
    let rest = told.mean_ratio_after(900);
    assert!((0.97..1.0).contains(&rest), "rests at {rest}");
    assert!(told.loss_at(1199) < 1e-5 * told.loss_at(0));
}

#[test]
fn under_cross_entropy_the_sharpness_reaches_the_line_and_falls_late() {
    let mut config = quiet("cross-entropy-edge", 5);
    config.n_steps = 1500;
    let told = train(config);
    let start = told.ratios()[0].1;
    let crossing = told.crossing().unwrap();
    assert!(start < 0.8 && crossing <= 100, "starts at {start}, crosses at {crossing}");
    let late = told.mean_ratio_after(1400);
    assert!(late < 0.2 * start, "late {late}, at first {start}");
    let accuracy = told.samples[1499].accuracy.unwrap();
    assert!(accuracy > 0.999, "as accuracy saturates: {accuracy}");
}

#[test]
fn batch_norm_turns_the_blow_up_of_a_residual_network_into_a_smooth_run() {
    let plain = train(quiet("resnet-blowup", 1));
    assert!(plain.is_diverged && plain.samples.len() <= 30, "{} steps", plain.samples.len());
    assert!(plain.ratios()[0].1 > 20.0, "starts at {}", plain.ratios()[0].1);
    let mut config = quiet("resnet-batch-norm", 6);
    config.n_steps = 100;
    let normal = train(config);
    assert!(!normal.is_diverged);
    assert!(normal.ratios()[0].1 < 0.05 * plain.ratios()[0].1, "λ₁(0) falls");
    assert!(normal.max_ratio() < 1.0, "below the line: {}", normal.max_ratio());
    assert!(normal.samples.windows(2).all(|w| w[1].loss < w[0].loss), "every step lowers the loss");
    assert!(normal.loss_at(99) < 0.02 * normal.loss_at(0));
}

#[test]
fn normalization_saves_family_a_although_it_starts_as_high() {
    let plain = train(quiet("blowup", 1)).ratios()[0].1;
    for (name, jump) in [("blowup-layer-norm", 1.1), ("blowup-batch-norm", 1.0)] {
        let mut config = quiet(name, 9);
        config.n_steps = 2001;
        let told = train(config);
        assert!(!told.is_diverged, "{name}");
        let start = told.ratios()[0].1;
        assert!((12.0..27.0).contains(&start) && start > 0.5 * plain, "{name} starts at {start}");
        let after = told.mean_ratio_after(60);
        assert!(after < 2.0, "{name} leaves the region: mean ratio {after}");
        let most = told.samples.iter().map(|s| s.loss).fold(0.0, f64::max);
        assert!(most <= jump * told.loss_at(0), "{name}: loss up to {most}");
        let loss = told.loss_at(2000);
        assert!((0.015..0.04).contains(&loss), "{name}: loss {loss}");
    }
}

#[test]
fn normalization_saves_family_b_by_lowering_the_first_sharpness() {
    let plain = train(quiet("blowup-cross-entropy", 1));
    assert!(plain.is_diverged && plain.samples.len() <= 30, "{} steps", plain.samples.len());
    for name in ["blowup-cross-entropy-layer-norm", "blowup-cross-entropy-batch-norm"] {
        let told = train(quiet(name, 6));
        assert!(!told.is_diverged, "{name}");
        let (start, above) = (told.ratios()[0].1, plain.ratios()[0].1);
        assert!(start < 0.4 * above, "{name} starts at {start}, without norm {above}");
        assert!(told.loss_at(599) <= 0.008, "{name}: loss {}", told.loss_at(599));
    }
}

#[test]
fn warmup_clipping_and_a_smaller_scale_save_family_b() {
    let changed = |n_steps: u64, change: fn(&mut RunConfig)| {
        let mut config = quiet("blowup-cross-entropy", 3);
        config.n_steps = n_steps;
        change(&mut config);
        train(config)
    };
    for (what, n_steps, most, change) in [
        ("warmup", 901, 1e-3, (|c| c.live.warmup.steps = 512) as fn(&mut RunConfig)),
        ("clip", 901, 1e-3, |c| {
            c.live.clip = Clip::at(ClipMode::Absolute, 1.0);
        }),
        ("half the scale", 601, 8e-3, |c| c.init.scale *= 0.5),
    ] {
        let told = changed(n_steps, change);
        assert!(!told.is_diverged, "{what}");
        let last = told.samples.last().unwrap().loss;
        assert!(last < most, "{what}: loss {last}");
    }
}
