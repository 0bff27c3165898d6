//! Histories built from events.

use super::*;
use crate::config::rate_from;
use crate::protocol::{Curvature, Eigenvalue, Sample};
use crate::quantity;

const RUN: RunId = RunId(1);

fn tuned(step: u64, peak_lr: f64, source: Source) -> Event {
    let live = crate::config::LiveSettings { peak_lr, ..RunConfig::default().live };
    Event::Tuned { run: RUN, step, live: Box::new(live), source }
}

fn measured(step: u64, sharpness: f64) -> Record {
    let top = vec![Eigenvalue {
        value: sharpness,
        residual: 0.0,
        error: None,
        is_converged: true,
        identity: 0,
    }];
    let curvature = Some(Curvature { top, ..Curvature::default() });
    let sample = Sample { step, effective_threshold: Some(20.0), curvature, ..Sample::default() };
    Record { sample, cost: crate::protocol::Cost::default() }
}

#[test]
fn one_drag_is_one_marker_from_first_to_last() {
    let mut run = Run::new(RUN, RunConfig::default());
    run.apply(&tuned(5, 0.2, Source::User(7)));
    run.apply(&tuned(6, 0.3, Source::User(7)));
    run.apply(&tuned(9, 0.4, Source::User(8)));
    let sentences: Vec<_> = run.markers().iter().map(Marker::sentence).collect();
    assert_eq!(sentences, ["Learning rate 0.1 → 0.3", "Learning rate 0.3 → 0.4"]);
    assert_eq!(run.markers()[0].step, 5);
}

#[test]
fn a_warmup_and_its_start_are_shown_as_one() {
    let mut run = Run::new(RUN, RunConfig::default());
    for (step, steps) in [(170, 30), (173, 63)] {
        let mut live = RunConfig::default().live;
        (live.warmup.start, live.warmup.steps) = (170, steps);
        let source = Source::User(3);
        run.apply(&Event::Tuned { run: RUN, step, live: Box::new(live), source });
    }
    let sentences: Vec<_> = run.markers().iter().map(Marker::sentence).collect();
    assert_eq!(sentences, ["Warmup 0 → 63 from step 170"]);
}

#[test]
fn a_drag_back_to_where_it_began_leaves_no_marker() {
    let mut run = Run::new(RUN, RunConfig::default());
    run.apply(&tuned(5, 0.2, Source::User(7)));
    run.apply(&tuned(6, 0.1, Source::User(7)));
    assert!(run.markers().is_empty());
}

#[test]
fn a_replay_contains_every_value_that_took_effect_and_the_scheduled_changes() {
    let config = RunConfig { changes: vec![rate_from(6, 0.7)], ..RunConfig::default() };
    let mut run = Run::new(RUN, config.clone());
    assert_eq!(run.replay(), config);
    // While the run is paused at step 5, only the last value counts.
    for lr in [0.2, 0.3] {
        run.apply(&tuned(5, lr, Source::User(7)));
    }
    run.apply(&tuned(6, 0.4, Source::User(7)));
    run.apply(&tuned(6, 0.7, Source::Config));
    run.apply(&tuned(9, 0.1, Source::User(8)));
    assert_eq!(run.replay().changes, [rate_from(5, 0.3), rate_from(6, 0.7), rate_from(9, 0.1)]);
    assert_eq!(run.replay().live, config.live);
}

#[test]
fn events_of_another_run_change_nothing() {
    let mut run = Run::new(RUN, RunConfig::default());
    run.apply(&Event::Paused { run: RunId(2), step: 0 });
    assert_eq!(*run.status(), Status::Starting);
}

#[test]
fn the_crossing_is_the_start_of_the_last_period_above_the_limit() {
    let mut run = Run::new(RUN, RunConfig::default());
    let records = [(0, 25.0), (1, 10.0), (2, 22.0), (3, 30.0)].map(|(s, v)| measured(s, v));
    run.apply(&Event::Sampled { run: RUN, records: records.to_vec() });
    let crossing = run.crossing().unwrap();
    assert_eq!(crossing.step, 2);
    assert_eq!((crossing.max_ratio.step, crossing.last), (3, 3));
    assert!((crossing.max_ratio.value - 1.5).abs() < 1e-12);
    assert_eq!(run.series(quantity::SHARPNESS).len(), 4);
}
