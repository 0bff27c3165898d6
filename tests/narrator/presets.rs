//! Every preset for some steps: what is said at each of them is true, and is what its run shows.

use std::ops::ControlFlow;

use eoscope::config::{BuiltinTask, Interval, RunConfig, TaskSource, preset, presets};
use eoscope::history::Run;
use eoscope::protocol::{Event, Record, RunId};

use crate::checker::Checker;

/// A run with its records, and the first sentence of each step.
struct Narrated {
    run: Run,
    records: Vec<Record>,
    told: Vec<String>,
}

/// Trains without a window and checks what is said at every step, then and afterwards.
fn narrated(config: &RunConfig) -> Narrated {
    let mut run = Run::new(RunId(0), config.clone());
    let (mut records, mut told) = (Vec::new(), Vec::new());
    let mut observe = |event: &Event| {
        run.apply(event);
        if let Event::Sampled { records: new, .. } = event {
            records.extend(new.iter().cloned());
            told.push(Checker::new(&run, &records).check(records.len() as u64 - 1));
        }
        ControlFlow::Continue(())
    };
    eoscope::runner::run(config, 2, &|| false, &mut observe).unwrap();
    let step = records.len() as u64 - 1;
    told.push(Checker::new(&run, &records).check(step));
    Narrated { run, records, told }
}

/// A preset for some hundred steps or, where a step takes long, for some with λ₁ alone.
fn shortened(preset: &RunConfig) -> RunConfig {
    let mut config = preset.clone();
    let quick = [BuiltinTask::Chebyshev, BuiltinTask::Point].map(TaskSource::from);
    if quick.contains(&config.task.name) {
        config.n_steps = config.n_steps.min(400);
        return config;
    }
    config.n_steps = config.n_steps.min(14);
    let probe = &mut config.live.probe;
    (probe.every, probe.top_k) = (Interval::every(1), 1);
    (probe.min_every, probe.audit_every) = (Interval::Off, Interval::Off);
    config
}

#[test]
fn every_sentence_on_every_preset_is_carried_by_its_numbers() {
    for preset in presets() {
        let config = shortened(&preset.config);
        let found = narrated(&config);
        assert!(!found.records.is_empty(), "{}", config.name);
        let later = Checker::new(&found.run, &found.records).check_all();
        if found.run.doubts().is_empty() {
            let differs = later.iter().zip(&found.told).find(|(later, then)| later != then);
            // The last one is told anew once the run has ended.
            assert!(differs.is_none_or(|_| found.run.has_diverged()), "{differs:?}");
        }
    }
}

/// The run of a preset up to a step, measured at every one.
fn preset_until(name: &str, n_steps: u64) -> Narrated {
    let mut config = preset(name).unwrap().config.clone();
    config.n_steps = n_steps;
    config.live.probe.every = Interval::every(1);
    narrated(&config)
}

#[test]
fn adam_comes_to_rest_at_its_own_limit() {
    let found = preset_until("adam-edge", 600);
    let n = |head: &str| found.told.iter().filter(|told| told.starts_with(head)).count();
    assert!(n("λ₁(P⁻¹H) is below its limit 38/η and rising") > 100, "{:?}", found.told);
    assert!(n("λ₁(P⁻¹H) crossed its limit 38/η at step ") > 10, "{:?}", found.told);
    assert!(n("At the edge of stability, limit 38/η, since step ") > 100, "{:?}", found.told);
}

#[test]
fn a_blow_up_is_told_as_one() {
    let found = preset_until("blowup", 60);
    let last = found.told.last().unwrap();
    assert!(last.starts_with("Diverged at step ") && last.contains("× its limit 2/η"), "{last}");
}

#[test]
fn a_loss_jumps_and_the_curvature_falls_back() {
    let found = preset_until("teacher-edge", 400);
    let is_jump = |told: &&String| told.starts_with("The loss jumped to ");
    let jumps: Vec<_> = found.told.iter().filter(is_jump).collect();
    let fell = jumps.iter().any(|jump| jump.contains(", and λ₁ fell back from "));
    assert!(fell, "{jumps:#?}");
}
