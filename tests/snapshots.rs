//! Training on from a restored snapshot gives the same samples bit for bit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

use std::ops::ControlFlow;

use eoscope::config::{Batch, DatedChange, Interval, Rule, RunConfig, StepLength, preset};
use eoscope::history::Run;
use eoscope::net::never;
use eoscope::protocol::RunId;
use eoscope::runner;
use eoscope::sample::Sample;
use eoscope::train::{Hooks, Outcome, Trainer};

fn steps(trainer: &mut Trainer, n: usize) -> Vec<Sample> {
    (0..n)
        .map(|_| match trainer.step(Hooks::none()).unwrap() {
            Outcome::Stepped(record) => record.sample,
            Outcome::Diverged(_) | Outcome::Interrupted => panic!("the run goes on"),
        })
        .collect()
}

fn small(rule: Rule, batch: Batch) -> RunConfig {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    config.optimizer.rule = rule;
    config.optimizer.batch = batch;
    let takes_small_rates = rule.step_length() == StepLength::PerParameter;
    config.live.peak_lr = if takes_small_rates { 1e-3 } else { 0.05 };
    config.live.momentum = 0.5;
    config.live.probe.min_every = Interval::every(3);
    config.live.probe.audit_every = Interval::every(7);
    config.live.probe.batches_every = Interval::every(4);
    config
}

#[test]
fn a_restored_run_continues_bit_for_bit() {
    let batches = [Batch::Full, Batch::Size(std::num::NonZeroUsize::new(8).unwrap())];
    for rule in Rule::ALL.iter().copied() {
        for batch in batches {
            let mut trainer = Trainer::new(small(rule, batch), 1, &never).unwrap();
            steps(&mut trainer, 25);
            let snapshot = trainer.snapshot();
            assert_eq!(snapshot.step(), 25);
            let once = steps(&mut trainer, 30);
            trainer.restore(&snapshot);
            assert_eq!(steps(&mut trainer, 30), once, "{rule} {batch:?}");
            let mut other = Trainer::new(small(rule, batch), 1, &never).unwrap();
            other.restore(&snapshot);
            assert_eq!(steps(&mut other, 30), once, "{rule} {batch:?}, in another trainer");
        }
    }
}

/// The history of a run of this configuration, and its replay configuration.
fn run(config: &RunConfig) -> (Vec<f64>, RunConfig) {
    let mut history = Run::new(RunId(0), config.clone());
    runner::run(config, 1, &never, &mut |event| {
        history.apply(event);
        ControlFlow::Continue(())
    })
    .unwrap();
    (
        history.series(eoscope::quantity::LOSS).iter().map(|(_, loss)| loss).collect(),
        history.replay(),
    )
}

#[test]
fn a_changed_run_of_every_optimizer_is_repeated_bit_for_bit_from_what_it_leaves() {
    for rule in Rule::ALL.iter().copied() {
        let mut config = small(rule, Batch::Full);
        config.n_steps = 40;
        let set = |key: &str, x: f64| (key.to_owned(), toml::Value::Float(x));
        let rate = 0.7 * config.live.peak_lr;
        config.add_changes([
            DatedChange {
                step: 12,
                set: [set("live.momentum", 0.8), set("live.peak_lr", rate)].into(),
            },
            DatedChange { step: 25, set: [set("live.weight_decay", 0.01)].into() },
        ]);
        let (once, left) = run(&config);
        let again = RunConfig::from_toml(&left.to_toml()).unwrap();
        assert_eq!(once.len(), 40, "{rule}");
        assert_eq!(run(&again).0, once, "{rule}");
    }
}

#[test]
fn an_interrupted_step_leaves_no_trace() {
    let mut trainer = Trainer::new(small(Rule::HeavyBall, Batch::Full), 1, &never).unwrap();
    let mut twin = Trainer::new(small(Rule::HeavyBall, Batch::Full), 1, &never).unwrap();
    steps(&mut trainer, 5);
    steps(&mut twin, 5);
    let asked = std::cell::Cell::new(0);
    let is_interrupted = || {
        asked.set(asked.get() + 1);
        asked.get() > 1
    };
    let hooks = Hooks { is_interrupted: &is_interrupted, ..Hooks::none() };
    assert_eq!(trainer.step(hooks).unwrap(), Outcome::Interrupted);
    assert_eq!(steps(&mut trainer, 10), steps(&mut twin, 10));
}

#[test]
fn a_snapshot_names_its_tensors() {
    let mut trainer = Trainer::new(small(Rule::Nesterov, Batch::Full), 1, &never).unwrap();
    steps(&mut trainer, 2);
    let tensors = trainer.snapshot().tensors().unwrap();
    assert!(tensors.iter().any(|(name, tensor)| name == "params" && tensor.elem_count() == 701));
    assert!(tensors.iter().any(|(name, _)| name.starts_with("optimizer.")));
    assert!(tensors.iter().filter(|(name, _)| name.starts_with("eigenvector.")).count() >= 3);
}

#[test]
fn the_smallest_eigenvalue_keeps_its_own_interval_and_audits_check_measurements() {
    let mut config = small(Rule::GradientDescent, Batch::Full);
    config.live.probe.every = Interval::every(4);
    config.live.probe.min_every = Interval::every(3);
    config.live.probe.audit_every = Interval::every(5);
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    for sample in steps(&mut trainer, 21) {
        let curvature = sample.curvature.unwrap_or_default();
        assert_eq!(!curvature.top.is_empty(), sample.step % 4 == 0, "step {}", sample.step);
        assert_eq!(curvature.min.is_some(), sample.step % 3 == 0, "step {}", sample.step);
        // An audit checks a measurement: the first of every five steps.
        let is_audited = sample.step % 4 == 0 && sample.step % 5 < 4;
        assert_eq!(curvature.audit.is_some(), is_audited, "step {}", sample.step);
    }
    let mut live = trainer.live().clone();
    live.probe.every = Interval::Off;
    trainer.tune(live).unwrap();
    assert!(steps(&mut trainer, 15).iter().all(|sample| sample.curvature.is_none()));
}
