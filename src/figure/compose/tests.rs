//! Tests of composed figures, with runs of synthetic records.

use super::*;
use crate::config::{Batch, Rule, RunConfig};
use crate::figure::Choices;
use crate::protocol::{AlongUpdate, BatchCurvature, Cost, Curvature, Event, Record, RunId, Sample};

/// Clipped at odd steps below 20, and at steps 60 to 69.
fn run() -> Run {
    let mut run = Run::new(RunId(1), RunConfig::default());
    let record = |step: u64| {
        let is_clipped = (step < 20 && step % 2 == 1) || (60..70).contains(&step);
        let clip_scale = if is_clipped { 0.5 } else { 1.0 };
        let sample = Sample {
            step,
            loss: 1.0,
            learning_rate: 0.1,
            effective_learning_rate: 0.1 * clip_scale,
            grad_norm: 1.0,
            clip_level: Some(0.5),
            clip_scale,
            clipped_fraction: Some(f64::from(u8::from(is_clipped))),
            stability_threshold: Some(20.0),
            effective_threshold: Some(20.0 / clip_scale),
            ..Sample::default()
        };
        Record { sample, cost: Cost::default() }
    };
    let records = (0..100).map(record).collect();
    run.apply(&Event::Sampled { run: RunId(1), records });
    run
}

fn figure() -> Figure {
    let run = run();
    let shown = |is_ghost, name: &str| PlottedRun { run: &run, is_ghost, name: name.to_owned() };
    compose(&[shown(true, "old"), shown(false, "now")], &Options::default())
}

fn line(figure: &Figure, panel: usize, quantity: Quantity) -> &Line {
    figure.panels[panel].lines.iter().find(|line| line.quantity == quantity).unwrap()
}

#[test]
fn the_effective_threshold_is_drawn_only_where_steps_were_clipped() {
    let figure = figure();
    let effective = line(&figure, 0, quantity::EFFECTIVE_THRESHOLD);
    assert_eq!(effective.trace.pieces.len(), 2);
    assert!(effective.trace.points().all(|point| point[1] == 40.0));
    assert_eq!(effective.trace.points().count(), 20);
    assert_eq!(line(&figure, 0, quantity::STABILITY_THRESHOLD).trace.points().count(), 100);
}

#[test]
fn the_unstable_region_begins_at_the_binding_limit() {
    let figure = figure();
    let [piece] = figure.panels[0].unstable.as_slice() else { panic!("it is known throughout") };
    let binding = |step: f64| {
        let is_clipped = step < 20.0 && step % 2.0 == 1.0 || (60.0..70.0).contains(&step);
        if is_clipped { 40.0 } else { 20.0 }
    };
    assert_eq!(piece.len(), 100);
    assert!(piece.iter().all(|[step, limit]| *limit == binding(*step)));
    assert!(figure.panels[1..].iter().all(|panel| panel.unstable.is_empty()));
}

#[test]
fn no_region_is_unstable_while_parts_are_clipped() {
    let mut run = Run::new(RunId(1), RunConfig::default());
    let record = |step: u64| {
        let is_known = !(30..60).contains(&step);
        let sample = Sample {
            step,
            clip_scale: 1.0,
            stability_threshold: Some(20.0),
            effective_threshold: is_known.then_some(20.0),
            ..Sample::default()
        };
        Record { sample, cost: Cost::default() }
    };
    let records = (0..100).map(record).collect();
    run.apply(&Event::Sampled { run: RunId(1), records });
    for is_ratio in [false, true] {
        let figure = drawn(&run, is_ratio);
        let ends = figure.panels[0]
            .unstable
            .iter()
            .map(|piece| [piece[0], piece[piece.len() - 1]].map(|[step, _]| step));
        assert_eq!(ends.collect::<Vec<_>>(), [[0.0, 29.0], [60.0, 99.0]]);
        let limit = line(&figure, 0, quantity::STABILITY_THRESHOLD);
        assert_eq!(limit.trace.pieces.len(), if is_ratio { 2 } else { 1 });
    }
}

#[test]
fn the_clipped_fraction_is_that_of_the_last_fifty_steps() {
    let figure = figure();
    let panel = &figure.panels[3];
    assert_eq!(panel.note.as_deref(), Some("clipped 20 % of the last 50 steps"));
    let covered: f64 = panel.clipped.iter().map(|s| s.range[1] - s.range[0]).sum();
    assert_eq!(covered, 20.0);
}

#[test]
fn a_mini_batch_run_notes_the_scope_of_its_limit_and_draws_the_probe_loss() {
    let mut config = RunConfig::default();
    config.optimizer.batch = Batch::Size(std::num::NonZeroUsize::new(8).unwrap());
    let mut run = Run::new(RunId(1), config);
    let sample =
        Sample { loss: 1.0, learning_rate: 0.1, probe_loss: Some(2.0), ..Sample::default() };
    let records = vec![Record { sample, cost: Cost::default() }];
    run.apply(&Event::Sampled { run: RunId(1), records });
    let shown = PlottedRun { run: &run, is_ghost: false, name: String::new() };
    let drawn = compose(&[shown], &Options::default());
    assert_eq!(drawn.panels[0].note.as_deref(), Some("limit drawn holds for full batch"));
    assert_eq!(line(&drawn, 1, quantity::PROBE_LOSS).name, "L probe");
    assert_eq!(figure().panels[0].note, None);
}

/// Batch sharpness 9 ± 1 at every tenth step, below a threshold of 20 that becomes 10 at step 50.
fn with_batches(rule: Rule) -> Run {
    let mut config = RunConfig::default();
    config.optimizer.rule = rule;
    config.optimizer.batch = Batch::Size(std::num::NonZeroUsize::new(8).unwrap());
    let mut run = Run::new(RunId(1), config);
    let record = |step: u64| {
        let batches = BatchCurvature {
            sharpness: 9.0,
            sharpness_error: 1.0,
            gradient_covariance_trace: 0.5,
            n_batches: 16,
        };
        let curvature = Curvature { batches: Some(batches), ..Curvature::default() };
        let sample = Sample {
            step,
            loss: 1.0,
            stability_threshold: Some(if step < 50 { 20.0 } else { 10.0 }),
            effective_threshold: Some(if step < 50 { 20.0 } else { 10.0 }),
            learning_rate: 0.1,
            clip_scale: 1.0,
            curvature: step.is_multiple_of(10).then_some(curvature),
            ..Sample::default()
        };
        Record { sample, cost: Cost::default() }
    };
    let records = (0..100).map(record).collect();
    run.apply(&Event::Sampled { run: RunId(1), records });
    run
}

fn drawn(run: &Run, is_ratio: bool) -> Figure {
    let shown = PlottedRun { run, is_ghost: false, name: String::new() };
    let choices = Choices { is_ratio, ..Choices::default() };
    compose(&[shown], &Options { hovered: Some(61.0), choices, ..Options::default() })
}

#[test]
fn batch_sharpness_has_its_standard_error_around_it_and_its_name_in_legend_and_under_the_pointer() {
    let figure = drawn(&with_batches(Rule::GradientDescent), false);
    let line = line(&figure, 0, quantity::BATCH_SHARPNESS);
    assert_eq!(line.name, "batch sharpness");
    assert_eq!(line.trace.points().count(), 10);
    assert_eq!(line.bands.concat().len(), 10);
    assert!(line.bands.concat().iter().all(|[_, low, high]| (*low, *high) == (8.0, 10.0)));
    assert_eq!(line.reading.map(|reading| (reading.step, reading.value)), Some((60, 9.0)));
}

#[test]
fn the_ratio_divides_batch_sharpness_and_its_error_by_the_threshold_at_their_step() {
    let figure = drawn(&with_batches(Rule::GradientDescent), true);
    let line = line(&figure, 0, quantity::BATCH_SHARPNESS);
    assert_eq!(line.name, "batch sharpness/(limit)");
    assert!(line.trace.points().all(|p| p[1] == if p[0] < 50.0 { 0.45 } else { 0.9 }));
    for [step, low, high] in line.bands.concat() {
        let half = if step < 50.0 { 0.05 } else { 0.1 };
        assert!(((high - low) / 2.0 - half).abs() < 1e-12, "{step}: {low} to {high}");
    }
    assert_eq!(line.reading.map(|reading| reading.value), Some(0.9));
}

#[test]
fn the_note_explains_measured_batch_sharpness() {
    let note = |rule| drawn(&with_batches(rule), false).panels[0].note.clone().unwrap();
    let said = "arXiv 2412.20553: limit is for the batch sharpness, λ₁ ends below";
    assert_eq!(note(Rule::GradientDescent), said);
    assert_eq!(note(Rule::HeavyBall), "limit drawn holds for full batch");
}

#[test]
fn a_ghost_has_faded_lines_after_the_current_ones_and_no_marks() {
    let figure = figure();
    for panel in &figure.panels {
        let first_ghost = panel.lines.iter().position(|line| line.ghost.is_some()).unwrap();
        assert!(panel.lines[first_ghost..].iter().all(|line| line.ghost.is_some()));
        assert_eq!(first_ghost * 2, panel.lines.len());
    }
    assert_eq!(figure.extent, [0.0, 99.0]);
}

#[test]
fn a_longer_ghost_does_not_widen_the_step_axis_and_is_drawn_beyond_it() {
    let long = run();
    let mut short = Run::new(RunId(2), RunConfig::default());
    let record = |step| Record {
        sample: Sample { step, loss: 1.0, ..Sample::default() },
        cost: Cost::default(),
    };
    let drawn = |short: &Run, visible| {
        let ghost = PlottedRun { run: &long, is_ghost: true, name: String::new() };
        let current = PlottedRun { run: short, is_ghost: false, name: String::new() };
        compose(&[ghost, current], &Options { visible, ..Options::default() })
    };
    assert_eq!(drawn(&short, None).extent, [0.0, 99.0]);
    let records = (0..10).map(record).collect();
    short.apply(&Event::Sampled { run: RunId(2), records });
    assert_eq!(drawn(&short, None).extent, [0.0, 9.0]);
    let found = drawn(&short, Some([0.0, 99.0]));
    let ghost = found.panels[1].lines.iter().find(|line| line.ghost.is_some()).unwrap();
    assert_eq!(ghost.trace.points().count(), 100);
}

#[test]
fn runs_are_divided_by_their_own_limits_and_the_full_extent_ends_with_the_longest() {
    let current = run();
    let mut decayed = RunConfig::default();
    decayed.live.weight_decay = 0.1;
    let mut longer = Run::new(RunId(2), decayed);
    let sample = Sample { step: 400, loss: 1.0, ..Sample::default() };
    let records = vec![Record { sample, cost: Cost::default() }];
    longer.apply(&Event::Sampled { run: RunId(2), records });
    let shown = |run, is_ghost| PlottedRun { run, is_ghost, name: String::new() };
    let label = |runs: &[PlottedRun]| {
        let choices = Choices { is_ratio: true, ..Choices::default() };
        compose(runs, &Options { choices, ..Options::default() }).panels[0].axis_label.clone()
    };
    let alike = [shown(&current, false), shown(&current, true)];
    let unlike = [shown(&current, false), shown(&longer, true)];
    assert_ne!(label(&alike), label(&unlike));
    assert_eq!(label(&unlike), "λ / limit");
    assert_eq!(full_extent(&alike, Axis::Step), [0.0, 99.0]);
    assert_eq!(full_extent(&unlike, Axis::Step), [0.0, 400.0]);
    assert_eq!(compose(&unlike, &Options::default()).extent, [0.0, 99.0]);
}

/// Measured at even steps along an update that goes uphill at steps 30 to 39; η halves at step 50,
/// and every step is clipped to half.
fn along(rule: Rule) -> Run {
    let mut config = RunConfig::default();
    config.optimizer.rule = rule;
    let mut run = Run::new(RunId(1), config);
    let record = |step: u64| {
        let learning_rate = if step < 50 { 0.1 } else { 0.05 };
        let slope = if (30..40).contains(&step) { -1.0 } else { 0.5 };
        let curvature = Curvature {
            along_update: Some(AlongUpdate { curvature: 9.0, slope }),
            directional_mean: Some(19.0),
            ..Curvature::default()
        };
        let sample = Sample {
            step,
            learning_rate,
            effective_learning_rate: 0.5 * learning_rate,
            clip_scale: 0.5,
            curvature: step.is_multiple_of(2).then_some(curvature),
            ..Sample::default()
        };
        Record { sample, cost: Cost::default() }
    };
    let records = (0..100).map(record).collect();
    run.apply(&Event::Sampled { run: RunId(1), records });
    run
}

/// The plot along the update, with a running mean asked for.
fn along_panel(runs: &[PlottedRun], is_ratio: bool) -> Panel {
    let choices = Choices { is_ratio, smoothing: 10, ..Choices::default() };
    let panels = vec![PanelKind::AlongUpdate];
    let options = Options { panels, choices, hovered: Some(61.0), ..Options::default() };
    let [panel] = compose(runs, &options).panels.try_into().unwrap();
    panel
}

#[test]
fn along_the_update_values_mean_and_the_limit_at_the_rate_are_drawn_for_every_rule() {
    for (rule, is_ratio) in [(Rule::GradientDescent, false), (Rule::Adam, true), (Rule::Sign, true)]
    {
        let run = along(rule);
        let shown = PlottedRun { run: &run, is_ghost: false, name: String::new() };
        let panel = along_panel(&[shown], is_ratio);
        let names: Vec<&str> = panel.lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["mean λ dir", "λ dir", "2/η"]);
        let [mean, values, limit] = panel.lines.as_slice() else { panic!("three lines") };
        assert_eq!(mean.trace.points().count(), 50);
        assert!(mean.trace.points().all(|[_, value]| value == 19.0));
        assert!(values.trace.points().all(|[_, value]| value == 18.0));
        let n_uphill = 5;
        assert_eq!(values.trace.points().count(), 50 - n_uphill);
        let expected = |step: f64| if step < 50.0 { 2.0 / 0.1 } else { 2.0 / 0.05 };
        assert_eq!(limit.trace.points().count(), 100);
        assert!(limit.trace.points().all(|[step, value]| value == expected(step)));
        assert_eq!(limit.end, Some([99.0, 40.0]));
        assert_eq!(panel.unstable, limit.trace.pieces, "shaded above");
        assert!(panel.lines.iter().all(|line| line.smooth.is_empty()));
        let readings = panel.lines.iter().map(|line| line.reading.unwrap());
        let readings: Vec<_> = readings.map(|reading| (reading.step, reading.value)).collect();
        assert_eq!(readings, [(60, 19.0), (60, 18.0), (61, 40.0)]);
        assert_eq!(panel.axis_label, "λ dir");
        let note = "mean: Σ u·Hu / Σ g·u of up to 32 measurements";
        assert_eq!(panel.note.as_deref(), Some(note));
    }
}

#[test]
fn of_a_ghost_only_the_mean_along_the_update_and_its_limit_are_drawn() {
    let run = along(Rule::HeavyBall);
    let shown = |is_ghost| PlottedRun { run: &run, is_ghost, name: String::new() };
    let panel = along_panel(&[shown(true), shown(false)], false);
    let ghosts = panel.lines.iter().filter(|line| line.ghost.is_some());
    let drawn: Vec<Quantity> = ghosts.map(|line| line.quantity).collect();
    assert_eq!(drawn, [quantity::DIRECTIONAL_SHARPNESS_MEAN, quantity::DIRECTIONAL_THRESHOLD]);
    assert_eq!(panel.lines.len(), 5);
}

#[test]
fn the_plot_along_the_update_is_drawn_on_request_and_empty_without_measurements() {
    assert!(figure().panels.iter().all(|panel| panel.kind != PanelKind::AlongUpdate));
    let run = run();
    let shown = PlottedRun { run: &run, is_ghost: false, name: String::new() };
    let panel = along_panel(&[shown], false);
    assert!(panel.lines.is_empty() && panel.unstable.is_empty());
    let missing = "no value yet: it is not measured so far";
    assert_eq!((panel.note.as_ref(), panel.missing.as_deref()), (None, Some(missing)));
    assert_eq!(panel.spoken(), format!("Curvature along the update: {missing}"));
}

#[test]
fn a_quantity_alone_has_its_symbol_unit_and_scale_and_says_why_it_has_no_value() {
    let run = run();
    let shown = |is_ghost| PlottedRun { run: &run, is_ghost, name: "former".to_owned() };
    let kinds = [quantity::STEP_MS, quantity::TEST_LOSS, quantity::HESSIAN_EIG_MIN];
    let panels = kinds.map(PanelKind::of).to_vec();
    let options = Options { panels, ..Options::default() };
    let figure = compose(&[shown(true), shown(false)], &options);
    let [time, loss, smallest] = figure.panels.as_slice() else { panic!("three panels") };
    assert_eq!((time.axis_label.as_str(), time.missing.as_ref()), ("t step (ms)", None));
    assert_eq!(time.lines.len(), 2, "the run and its ghost");
    assert_eq!((loss.scale, loss.axis_label.as_str()), (Scale::Log, "L test"));
    assert!(loss.lines.is_empty() && loss.missing.as_ref().unwrap().starts_with("no value yet"));
    assert_eq!(smallest.lines.is_empty(), smallest.missing.is_some());
}
