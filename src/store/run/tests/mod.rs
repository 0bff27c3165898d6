//! Runs written to a folder and read back: complete, cut short, and damaged. Files are named as in
//! a user's script.

mod damaged;

use std::fs;
use std::path::{Path, PathBuf};

use super::file_names::{EVENTS, METRICS};
use super::folder::create_unused_dir;
use super::*;
use crate::config::settings::{PACE, PEAK_LR};
use crate::config::{LiveSettings, RunConfig, rate_from};
use crate::history::{Run, Status};
use crate::protocol::{
    AlongUpdate, BatchCurvature, Cost, Curvature, Doubt, Eigenvalue, Event, Followed, LayerFacts,
    Record, RunEnd, RunFacts, RunId, Sample, Search, SearchKind, Solved, Source,
};
use crate::quantity::{self, Quantity};
use crate::store::StoreError;

const RUN: RunId = RunId(0);

fn facts() -> RunFacts {
    RunFacts {
        layers: vec![LayerFacts { name: "layer0".into(), n_params: 7, ..LayerFacts::default() }],
        work: 7,
        n_params: 12,
        n_train: 100,
        n_test: 10,
        n_probe: 100,
        n_threads: 2,
        limit: "2/η".into(),
        sampling: "full batch".into(),
        data_hash: "c0ffee".into(),
    }
}

fn eigenvalue(value: f64) -> Eigenvalue {
    let residual = value / 997.0;
    Eigenvalue { value, residual, error: Some(value / 9e5), is_converged: true, identity: 3 }
}

/// A record whose values all differ from step to step, some of them not measured.
fn record(step: u64) -> Record {
    let x = step as f64 + 1.0;
    let solved = |value| (step == 0).then_some(Solved { eigenvalue: eigenvalue(value), hvps: 40 });
    let curvature = step.is_multiple_of(2).then(|| Curvature {
        top: vec![eigenvalue(1.0 / x), eigenvalue(0.1 / x)],
        hvps: 8,
        preconditioned: solved(37.9),
        min: solved(-0.3),
        audit: solved(1.01),
        doubts: Vec::new(),
        is_doubted: step == 2,
        gradient_curvature: Some(x.sqrt()),
        along_update: Some(AlongUpdate { curvature: 1.0 / x, slope: 3.0 * x }),
        directional_mean: Some(0.4 * x),
        gradient_alignment: None,
        layer_shares: vec![0.25, 0.75],
        batches: (step == 4).then_some(BatchCurvature {
            sharpness: 9.0 / 7.0,
            sharpness_error: 0.1,
            gradient_covariance_trace: 1e-9 / 3.0,
            n_batches: 16,
        }),
    });
    let sample = Sample {
        step,
        epoch: x,
        loss: if step == 3 { f64::INFINITY } else { 0.1 / x },
        accuracy: (step == 0).then_some(0.5),
        learning_rate: 0.1,
        effective_learning_rate: 0.1 / 3.0,
        grad_norm: 1e-7 * x,
        clip_level: Some(0.25),
        clip_scale: 1.0 / 3.0,
        clipped_fraction: Some(1.0 / 7.0),
        update_norm: 0.3,
        param_norm: 1e30,
        torque: Some(0.5 / x),
        largest_stable_rate: Some(0.3 / x),
        stability_threshold: Some(2.0 / 0.1),
        effective_threshold: Some(2.0 / 0.1 * 3.0),
        curvature,
        ..Sample::default()
    };
    let ms = if step == 0 { 0.7 } else { 0.0 };
    let batches_ms = if step == 4 { 0.3 } else { 0.0 };
    let probe_ms = if step.is_multiple_of(2) { 1.5 } else { 0.0 };
    Record {
        sample,
        cost: Cost { step_ms: 2.5 * x, probe_ms, min_ms: ms, audit_ms: ms, batches_ms },
    }
}

fn sampled(steps: std::ops::Range<u64>) -> Event {
    Event::Sampled { run: RUN, records: steps.map(record).collect() }
}

fn tuned(step: u64, peak_lr: f64, source: Source) -> Event {
    let live = LiveSettings { peak_lr, ..RunConfig::default().live };
    Event::Tuned { run: RUN, step, live: Box::new(live), source }
}

/// A search at this step; its rates have no short decimal form.
fn searched(step: u64) -> Event {
    let points = vec![[1e-4, 0.3], [0.1 / 3.0, 7.0]];
    let search = Search {
        kind: SearchKind::RangeTest,
        start_loss: 1.0 / 3.0,
        points,
        found: Some(0.1 / 7.0),
        suggested: Some(0.01 / 7.0),
        steepest: None,
    };
    Event::Searched { run: RUN, step, search: Box::new(search) }
}

#[test]
fn searches_come_back_among_the_changes_in_their_order() {
    let parent = tempfile::tempdir().unwrap();
    let events = vec![
        searched(0),
        sampled(0..2),
        tuned(2, 0.2, Source::User(1)),
        searched(2),
        tuned(2, 0.3, Source::User(2)),
        sampled(2..4),
        ended(4, RunEnd::Finished),
    ];
    let (dir, run) = written(parent.path(), &RunConfig::default(), &events);
    let back = load(&dir).unwrap();
    assert_eq!(run.searches().len(), 2);
    assert_eq!(back.searches(), run.searches());
    assert_eq!(back.markers(), run.markers());
    assert_eq!(bits(&back, quantity::LOSS), bits(&run, quantity::LOSS));
    assert_eq!(text(&dir, "events.jsonl").lines().count(), 4);
}

#[test]
fn doubts_of_audits_come_back_among_the_changes() {
    let parent = tempfile::tempdir().unwrap();
    let mut doubted = record(4);
    let doubt = |rank, followed| Doubt {
        of: Followed::Largest(rank),
        agreed: 0,
        step: 4,
        followed,
        audited: 1.0,
    };
    doubted.sample.curvature.as_mut().unwrap().doubts = vec![doubt(1, 0.706), doubt(2, 1.0 / 3.0)];
    let events = vec![
        sampled(0..4),
        tuned(4, 0.2, Source::User(1)),
        Event::Sampled { run: RUN, records: vec![doubted] },
        tuned(5, 0.3, Source::User(2)),
        sampled(5..6),
    ];
    let (dir, run) = written(parent.path(), &RunConfig::default(), &events);
    let back = load(&dir).unwrap();
    assert_eq!(run.doubts().len(), 1);
    assert_eq!(back.doubts(), run.doubts());
    assert_eq!(back.markers(), run.markers());
    assert_eq!(
        run.doubts()[0].sentence(),
        "audit at step 4: λ₁ 1.000 instead of 0.7060, λ₂ 1.000 instead of 0.3333; in doubt since step 0"
    );
}

fn ended(step: u64, end: RunEnd) -> Event {
    Event::Ended { run: RUN, step, end }
}

/// Six steps, with one drag of a slider over two of them, to a rate without a short decimal form.
fn events() -> Vec<Event> {
    vec![
        sampled(0..2),
        tuned(2, 0.2, Source::User(1)),
        sampled(2..3),
        tuned(3, 1.0 / 7.0, Source::User(1)),
        sampled(3..6),
        ended(6, RunEnd::Finished),
    ]
}

/// Writes the events to a new folder; returns its path and the history of the same events.
fn written(parent: &Path, config: &RunConfig, events: &[Event]) -> (PathBuf, Run) {
    let dir = parent.join("run");
    let mut folder = RunFolder::create(&dir, config, &facts()).unwrap();
    let mut run = Run::new(RUN, config.clone());
    run.apply(&Event::Started {
        run: RUN,
        config: Box::new(config.clone()),
        facts: Box::new(facts()),
    });
    for event in events {
        folder.record(event).unwrap();
        run.apply(event);
    }
    folder.finish().unwrap();
    (dir, run)
}

fn bits(run: &Run, quantity: Quantity) -> Vec<(u64, u64)> {
    run.series(quantity).iter().map(|(step, value)| (step, value.to_bits())).collect()
}

fn text(dir: &Path, file: &str) -> String {
    fs::read_to_string(dir.join(file)).unwrap()
}

#[test]
fn a_run_read_back_has_the_same_series_markers_and_end_bit_for_bit() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, run) = written(parent.path(), &RunConfig::default(), &events());
    let back = load(&dir).unwrap();
    for quantity in Quantity::all() {
        assert_eq!(bits(&back, quantity), bits(&run, quantity), "{}", quantity.name());
    }
    assert_eq!(back.markers(), run.markers());
    assert_eq!(back.markers().len(), 1);
    assert_eq!(back.config().live, run.config().live);
    assert_eq!(back.facts(), run.facts());
    assert_eq!(*back.status(), Status::Ended(RunEnd::Finished));
    assert_eq!(back.n_steps(), 6);
}

#[test]
fn the_recorded_configuration_reproduces_the_changes() {
    let parent = tempfile::tempdir().unwrap();
    let later = rate_from(5, 0.05);
    let config = RunConfig { changes: vec![later.clone()], ..RunConfig::default() };
    let mut events = events();
    events.insert(4, tuned(3, 0.15, Source::User(2)));
    events.insert(5, sampled(3..5));
    events[6] = tuned(5, 0.05, Source::Config);
    events.insert(7, sampled(5..6));
    let (dir, _) = written(parent.path(), &config, &events);
    let recorded = read_config(&dir.join("config.toml")).unwrap();
    assert_eq!(recorded.changes, [rate_from(2, 0.2), rate_from(3, 0.15), later]);
    assert_eq!(recorded.live, config.live);
    assert_eq!(text(&dir, "events.jsonl").lines().count(), 4, "every value that took effect");
}

#[test]
fn the_pace_is_recorded_but_not_replayed() {
    let parent = tempfile::tempdir().unwrap();
    let live = LiveSettings { pace: crate::config::Pace::One, ..RunConfig::default().live };
    let tuned = Event::Tuned { run: RUN, step: 1, live: Box::new(live), source: Source::User(1) };
    let (dir, _) = written(parent.path(), &RunConfig::default(), &[sampled(0..1), tuned]);
    assert!(text(&dir, "events.jsonl").contains(PACE.key));
    assert!(read_config(&dir.join("config.toml")).unwrap().changes.is_empty());
}

#[test]
fn rows_are_on_disk_before_the_run_is_over() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("deep/run");
    let mut folder = RunFolder::create(&dir, &RunConfig::default(), &facts()).unwrap();
    folder.record(&sampled(0..3)).unwrap();
    assert!(text(&dir, "metrics.csv").starts_with("step,epoch,loss,"));
    assert_eq!(text(&dir, "metrics.csv").lines().count(), 4);
    assert!(text(&dir, "summary.json").contains("\"status\": \"running\""));
    let back = load(&dir).unwrap();
    assert_eq!((back.n_steps(), back.is_over()), (3, false));
}

#[test]
fn every_kind_of_end_is_in_the_summary() {
    let message = "the disk is full".to_owned();
    for (end, word) in [
        (RunEnd::Finished, "finished"),
        (RunEnd::Stopped, "stopped"),
        (RunEnd::Diverged { loss: f64::INFINITY }, "diverged"),
        (RunEnd::Failed { message }, "failed"),
    ] {
        let parent = tempfile::tempdir().unwrap();
        let events = [sampled(0..2), ended(2, end.clone())];
        let (dir, _) = written(parent.path(), &RunConfig::default(), &events);
        assert!(text(&dir, "summary.json").contains(&format!("\"status\": \"{word}\"")));
        assert_eq!(*load(&dir).unwrap().status(), Status::Ended(end));
    }
}

#[test]
fn a_run_without_an_end_event_counts_as_stopped() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, _) = written(parent.path(), &RunConfig::default(), &[sampled(0..2)]);
    assert_eq!(*load(&dir).unwrap().status(), Status::Ended(RunEnd::Stopped));
}

#[test]
fn a_table_saved_again_with_decimal_commas_reads_the_same() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, run) = written(parent.path(), &RunConfig::default(), &events());
    let saved = text(&dir, METRICS).replace(',', ";").replace('.', ",").replace('e', "E");
    let header = text(&dir, METRICS).lines().next().unwrap().replace(',', ";");
    let rows = saved.split_once('\n').unwrap().1.replace("nan", "NaN");
    let saved = format!("\u{feff}{header}\r\n{}", rows.replace('\n', "\r\n"));
    fs::write(dir.join(METRICS), saved).unwrap();
    let back = load(&dir).unwrap();
    for quantity in Quantity::all() {
        assert_eq!(bits(&back, quantity), bits(&run, quantity), "{}", quantity.name());
    }
}

#[test]
fn a_folder_with_a_run_in_it_is_never_written_to() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, _) = written(parent.path(), &RunConfig::default(), &events());
    let before = text(&dir, "metrics.csv");
    let error = RunFolder::create(&dir, &RunConfig::default(), &facts()).unwrap_err();
    assert!(matches!(error, StoreError::Occupied(_)), "{error}");
    assert_eq!(text(&dir, "metrics.csv"), before);
}

#[test]
fn anything_but_a_run_folder_is_refused_by_name() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    for dir in [file.clone(), file.join("below")] {
        let error = RunFolder::create(&dir, &RunConfig::default(), &facts()).unwrap_err();
        assert!(matches!(error, StoreError::NotAFolder(_)), "{error}");
    }
    assert!(matches!(load(&file).unwrap_err(), StoreError::NotAFolder(_)));
    assert!(matches!(load(&parent.path().join("none")).unwrap_err(), StoreError::Missing(_)));
    let error = load(parent.path()).unwrap_err().to_string();
    assert!(error.contains("no config.toml"), "{error}");
    assert!(matches!(read_config(parent.path()).unwrap_err(), StoreError::NotAFile(_)));
}

#[test]
fn a_checkpoint_contains_the_configuration_that_led_to_it() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("run");
    let mut folder = RunFolder::create(&dir, &RunConfig::default(), &facts()).unwrap();
    folder.record(&tuned(1, 0.2, Source::User(1))).unwrap();
    folder.save_checkpoint(2, &[]).unwrap();
    let checkpoint = read_checkpoint(&dir.join("checkpoint-2.safetensors")).unwrap();
    let config = RunConfig::from_toml(&checkpoint.config_toml).unwrap();
    assert_eq!((checkpoint.step, config.changes.len()), (2, 1));
}

#[test]
fn a_run_without_a_given_folder_creates_an_unused_one() {
    let parent = tempfile::tempdir().unwrap();
    let dir = |name: &str| parent.path().join(name);
    assert_eq!(create_unused_dir(parent.path(), "a/b c").unwrap(), dir("a-b-c"));
    fs::create_dir(dir("blowup")).unwrap();
    fs::write(dir("blowup-2"), "").unwrap();
    assert_eq!(create_unused_dir(parent.path(), "blowup").unwrap(), dir("blowup-3"));
    assert_eq!(create_unused_dir(parent.path(), "").unwrap(), dir("run"));
}
