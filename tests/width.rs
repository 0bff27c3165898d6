//! μP (arXiv 2203.03466): at one learning rate, the first updates change the outputs of wide and narrow
//! networks equally.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use eoscope::config::{Activation, Architecture, InitScheme, Interval, ModelSpec, Rule, RunConfig};
use eoscope::config::{BuiltinTask, TaskSpec};
use training::{quiet, train};

/// Widths; rates are unscaled at the first.
const WIDTHS: [usize; 3] = [32, 128, 512];

/// Decrease of the loss by five updates at a small rate, for each width.
fn drops(scheme: InitScheme, rule: Rule, build: fn(usize) -> RunConfig) -> [f64; 3] {
    WIDTHS.map(|width| {
        let mut config = build(width);
        config.init.scheme = scheme;
        config.optimizer.rule = rule;
        config.live.peak_lr = if rule == Rule::GradientDescent { 2e-4 } else { 1e-5 };
        let losses: Vec<f64> = train(config).samples.iter().map(|sample| sample.loss).collect();
        losses[0] - losses[5]
    })
}

fn config(task: BuiltinTask, model: ModelSpec) -> RunConfig {
    let mut config = quiet("fashion-edge", 1);
    config.task = TaskSpec { name: task.into(), n_train: 32, ..TaskSpec::default() };
    (config.model, config.n_steps) = (model, 6);
    config.live.probe.every = Interval::Off;
    config
}

fn flat(width: usize) -> RunConfig {
    let activation = Activation::Relu;
    config(
        BuiltinTask::Clusters,
        ModelSpec { hidden: vec![width; 3], activation, ..ModelSpec::default() },
    )
}

fn transformer(width: usize) -> RunConfig {
    let model = ModelSpec { width, blocks: 2, ..Architecture::Transformer.default_model() };
    config(BuiltinTask::Digits, model)
}

#[test]
fn the_first_updates_do_as_much_at_any_width() {
    for (build, rules) in [
        (flat as fn(usize) -> RunConfig, &[Rule::GradientDescent, Rule::Adam, Rule::Sign][..]),
        (transformer, &[Rule::GradientDescent, Rule::Adam][..]),
    ] {
        for rule in rules {
            let what = build(32).model.architecture;
            let found = drops(InitScheme::Mup, *rule, build);
            let plain = drops(InitScheme::LecunNormal, *rule, build);
            assert!(found.iter().all(|drop| *drop > 0.0), "{what} {rule}: {found:?}");
            let growth = [found[2] / found[0], plain[2] / plain[0]];
            assert!((0.4..=2.5).contains(&growth[0]), "{what} {rule}: {found:?}");
            assert!(growth[1] > 4.0, "{what} {rule}: {plain:?} without it");
        }
    }
}
