//! The limit drawn for every preset at step 200, on few examples: a line in range, a break mark with its
//! number, or a sentence on why there is none. Also the binding limit under clipping.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use eoscope::config::settings::{CLIP_MODE, CLIP_VALUE};
use eoscope::config::{
    Batch, Clip, ClipMode, DatedChange, Interval, Preset, Rule, RunConfig, Tuning, presets,
};
use eoscope::figure::{Choices, Figure, Options, Panel, PanelKind, PlottedRun, compose};
use eoscope::history::Run;
use eoscope::protocol::{Cost, Event, Record, RunId, Source};
use eoscope::quantity;
use training::{quiet, train};

const RUN: RunId = RunId(1);

/// Number of examples left of a preset.
const N_TRAIN: usize = 60;

/// A preset on few examples, so 200 steps are fast.
fn small(preset: &Preset) -> RunConfig {
    let mut config = quiet(&preset.config.name, 100);
    let n = config.task.n_train.min(N_TRAIN);
    config.task.n_train = match config.optimizer.batch {
        Batch::Full => n,
        Batch::Size(batch) => n.max(batch.get()),
    };
    config.n_steps = 201;
    config.live.probe.batches_every = Interval::Off;
    if config.init.tuning != Tuning::None {
        config.init.tuning_steps = config.init.tuning_steps.min(3);
        config.init.tuning_batch = config.init.tuning_batch.min(8);
    }
    config
}

/// The run up to step 200 or its end.
fn run(config: &RunConfig) -> Run {
    let mut run = Run::new(RUN, config.clone());
    let samples = train(config.clone()).samples.into_iter();
    let records = samples.map(|sample| Record { sample, cost: Cost::default() }).collect();
    run.apply(&Event::Sampled { run: RUN, records });
    run
}

fn figure(run: &Run, is_ratio: bool) -> Figure {
    let shown = PlottedRun { run, is_ghost: false, name: String::new() };
    let choices = Choices { is_ratio, ..Choices::default() };
    compose(&[shown], &Options { choices, ..Options::default() })
}

/// The panel of the curvature that the limit applies to.
fn governed(figure: &Figure) -> &Panel {
    let scaled = figure.panels.iter().find(|panel| panel.kind == PanelKind::Preconditioned);
    scaled.unwrap_or(&figure.panels[0])
}

/// How the picture shows the limit; `None` if it does not.
fn told(run: &Run) -> Option<String> {
    let figure = figure(run, false);
    let panel = governed(&figure);
    let steps = figure.extent;
    let range = panel.fit(steps, |_| true);
    let binding = run.newest(quantity::EFFECTIVE_THRESHOLD).map(|limit| limit.value);
    let lines = || panel.lines.iter().filter(|line| line.look.is_limit());
    let newest =
        |value: &f64| lines().any(|line| line.newest(steps).is_some_and(|p| p[1] == *value));
    if let Some(limit) = binding.filter(newest) {
        let is_within = (range[0]..=range[1]).contains(&panel.scale.to_axis(limit)?);
        let mut marks = panel.limits_out_of_range(range, steps, |_| true).into_iter();
        let is_marked = marks.any(|mark| mark.newest == Some(limit));
        assert_ne!(is_within, is_marked, "in range or marked, and not both");
        return Some(if is_within { "line" } else { "mark" }.to_owned());
    }
    eoscope::figure::why_no_limit(run).filter(|why| panel.note.as_deref().unwrap().contains(why))
}

#[test]
fn the_limit_of_every_preset_is_in_the_picture_at_step_200() {
    let mut seen: Vec<String> = Vec::new();
    for preset in presets() {
        let found = run(&small(preset));
        let told = told(&found);
        assert!(told.is_some(), "{} shows no limit and does not say why", preset.config.name);
        seen.extend(told);
    }
    assert!(seen.iter().any(|told| told == "line") && seen.len() > 20, "{seen:?}");
}

/// Clipping that leaves the given fraction of the norm.
fn clipped(rule: Rule, mode: ClipMode, value: f64) -> Run {
    let mut config = quiet("chebyshev-edge", 1);
    config.n_steps = 12;
    config.optimizer.rule = rule;
    config.live.peak_lr = if rule.is_adaptive() { 1e-4 } else { 1e-3 };
    config.live.clip = Clip::at(mode, value);
    run(&config)
}

#[test]
fn under_clipping_by_norm_the_ratio_that_binds_is_that_of_the_rule_at_the_effective_rate() {
    for rule in Rule::ALL {
        if !rule.has_limit() {
            continue;
        }
        let run = clipped(*rule, ClipMode::Absolute, 1e-3);
        let newest = |name| run.newest(name).unwrap().value;
        let scale = newest(quantity::CLIP_SCALE);
        assert!(scale < 0.5, "{rule}: {scale}");
        let (whole, binding) =
            (newest(quantity::STABILITY_THRESHOLD), newest(quantity::EFFECTIVE_THRESHOLD));
        if *rule == Rule::Sam {
            // λ(1 + ρλ/‖g‖) = 2/η, with the effective rate for η.
            let (rate, norm) =
                (newest(quantity::EFFECTIVE_LEARNING_RATE), newest(quantity::GRAD_NORM));
            let rise = 1.0 + run.config().live.radius * binding / norm;
            assert!((binding * rise * rate / 2.0 - 1.0).abs() < 1e-9, "{binding}");
        } else {
            assert!((binding * scale / whole - 1.0).abs() < 1e-12, "{rule}");
        }
        let (ratio, nominal) = (newest(quantity::BINDING_RATIO), newest(quantity::SHARPNESS_RATIO));
        assert!((ratio * binding / (nominal * whole) - 1.0).abs() < 1e-12, "{rule}");
        let figure = figure(&run, true);
        let panel = governed(&figure);
        let edge =
            panel.lines.iter().find(|line| line.quantity == quantity::STABILITY_THRESHOLD).unwrap();
        assert!(edge.trace.points().all(|point| point[1] == 1.0), "{rule}");
        let first = panel.lines[0].trace.points().last().unwrap();
        assert_eq!(first[1], ratio, "{rule}: the ratio plot uses the limit that binds");
        assert!(panel.spoken().contains("edge 1"), "{}", panel.spoken());
    }
}

#[test]
fn clipping_of_parts_has_no_limit_and_says_so_and_what_is_let_through_has_one() {
    for (mode, value) in [(ClipMode::Value, 1e-5), (ClipMode::Adaptive, 1e-4)] {
        let run = clipped(Rule::GradientDescent, mode, value);
        assert!(run.newest(quantity::CLIP_SCALE).unwrap().value < 1.0);
        assert!(run.series(quantity::EFFECTIVE_THRESHOLD).is_empty());
        assert!(
            run.series(quantity::BINDING_RATIO).is_empty()
                && !run.series(quantity::SHARPNESS_RATIO).is_empty()
        );
        assert!(told(&run).unwrap().contains("a limit is known only"), "{mode}");
    }
    let calm = clipped(Rule::GradientDescent, ClipMode::Value, 1e4);
    let newest = |name| calm.newest(name).unwrap().value;
    assert_eq!(newest(quantity::EFFECTIVE_THRESHOLD), newest(quantity::STABILITY_THRESHOLD));
}

/// Twelve steps, of which four, from step 4, are clipped by value.
fn clipped_for_a_while(seed: u64) -> Run {
    let mut config = quiet("chebyshev-edge", 1);
    (config.seed, config.n_steps, config.live.probe.top_k) = (seed, 12, 2);
    let key = |setting: &eoscope::config::Setting| setting.key.to_owned();
    let value = [(key(&CLIP_MODE), ClipMode::Value.word().into()), (key(&CLIP_VALUE), 1e-5.into())];
    let off = [(key(&CLIP_MODE), ClipMode::Off.word().into())];
    config.changes =
        vec![DatedChange { step: 4, set: value.into() }, DatedChange { step: 8, set: off.into() }];
    let mut run = Run::new(RUN, config.clone());
    let mut live = config.live.clone();
    for change in &config.changes {
        live = change.applied_to(&live).unwrap();
        let (step, live) = (change.step, Box::new(live.clone()));
        run.apply(&Event::Tuned { run: RUN, step, live, source: Source::Config });
    }
    let samples = train(config).samples.into_iter();
    let records = samples.map(|sample| Record { sample, cost: Cost::default() }).collect();
    run.apply(&Event::Sampled { run: RUN, records });
    run
}

#[test]
fn where_clipping_leaves_no_limit_every_ratio_has_a_gap_and_the_note_says_why() {
    let runs = [2, 1].map(clipped_for_a_while);
    assert_eq!(runs[1].series(quantity::EFFECTIVE_THRESHOLD).len(), 8);
    let shown: Vec<PlottedRun> = runs
        .iter()
        .enumerate()
        .map(|(at, run)| PlottedRun { run, is_ghost: at == 0, name: String::new() })
        .collect();
    let drawn = |is_over_seeds, visible, hovered| {
        let choices =
            Choices { is_ratio: true, smoothing: 10, is_over_seeds, ..Choices::default() };
        compose(&shown, &Options { choices, visible, hovered, ..Options::default() })
    };
    let ends = |pieces: &[Vec<[f64; 2]>]| -> Vec<[f64; 2]> {
        pieces.iter().map(|piece| [piece[0][0], piece[piece.len() - 1][0]]).collect()
    };
    let gap = [[0.0, 3.0], [8.0, 11.0]];
    for is_over_seeds in [false, true] {
        let figure = drawn(is_over_seeds, None, Some(6.0));
        let second = quantity::HESSIAN_EIG.of(2).unwrap();
        for quantity in [quantity::SHARPNESS, second, quantity::STABILITY_THRESHOLD] {
            let lines = &governed(&figure).lines;
            for line in lines.iter().filter(|line| line.quantity == quantity) {
                let name = quantity.name();
                assert_eq!(ends(&line.trace.pieces), gap, "{name} {is_over_seeds}");
                assert_eq!(line.reading, None, "{name}: no ratio is known there");
                let has_mean = !is_over_seeds && !line.look.is_limit();
                assert!(!has_mean || ends(&line.smooth) == gap, "{name}: {:?}", line.smooth);
            }
        }
    }
    for (visible, is_told) in [([0.0, 3.0], false), ([0.0, 6.0], true), ([9.0, 11.0], false)] {
        let figure = drawn(false, Some(visible), None);
        let note = governed(&figure).note.clone().unwrap_or_default();
        assert_eq!(note.contains("where no coordinate is clipped"), is_told, "{note}");
    }
    let note = figure(&runs[1], false).panels[0].note.clone().unwrap();
    assert!(note.contains("where no coordinate is clipped"), "clipping is off at the end: {note}");
}
