//! Tuning of initial weights in the workers and on disk: events, commands, replay.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "common/hub.rs"]
mod hub;

use std::ops::ControlFlow;

use eoscope::config::{Interval, Pace, RunConfig, Tuning, preset};
use eoscope::history::Run;
use eoscope::net::never;
use eoscope::protocol::{Command, Event, Paused, Preparation, RunEnd, Sample, link};
use eoscope::workers::Hub;
use eoscope::{runner, store};
use hub::{RUN, next, rest, start};

fn config(tuning: Tuning) -> RunConfig {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    config.n_steps = 20;
    config.live.pace = Pace::Unlimited;
    config.live.peak_lr = 0.01;
    config.live.probe.every = Interval::every(5);
    (config.init.tuning, config.init.tuning_steps) = (tuning, 30);
    config.init.tuning_batch = 16;
    config
}

fn headless(config: &RunConfig) -> Vec<Event> {
    let mut events = Vec::new();
    runner::run(config, 2, &never, &mut |event| {
        events.push(event.clone());
        ControlFlow::Continue(())
    })
    .unwrap();
    events
}

fn told(events: &[Event]) -> (Vec<Preparation>, Vec<Sample>) {
    let (mut prepared, mut samples) = (Vec::new(), Vec::new());
    for event in events {
        if let Event::Prepared { records, .. } = event {
            assert!(samples.is_empty(), "all of it before the first sample");
            prepared.extend_from_slice(records);
        }
        if let Event::Sampled { records, .. } = event {
            samples.extend(records.iter().map(|record| record.sample.clone()));
        }
    }
    (prepared, samples)
}

fn history(events: &[Event]) -> Run {
    let mut run = Run::new(events[0].run(), RunConfig::default());
    for event in events {
        run.apply(event);
    }
    run
}

#[test]
fn every_iteration_is_told_in_order_before_the_first_sample() {
    for tuning in [Tuning::Lsuv, Tuning::MetaInit, Tuning::GradInit] {
        let (_hub, ui) = start(config(tuning), Paused::No);
        let events = rest(&ui);
        let (prepared, samples) = told(&events);
        let n = if tuning == Tuning::Lsuv { 3 } else { 30 };
        let iterations: Vec<u64> = prepared.iter().map(|record| record.iteration).collect();
        assert_eq!(iterations, (0..=n).collect::<Vec<_>>(), "{tuning}");
        assert_eq!(samples.len(), 20);
        assert_eq!((prepared, samples), told(&headless(&config(tuning))), "{tuning}");
        let run = history(&events);
        assert!(!run.is_preparing() && run.tuning_cut().is_none());
    }
}

#[test]
fn a_tuning_that_a_person_ends_goes_on_to_train_and_replays_bit_for_bit() {
    let mut long = config(Tuning::MetaInit);
    long.init.tuning_steps = 100_000;
    let (_hub, ui) = start(long, Paused::No);
    let mut events = vec![next(&ui), next(&ui)];
    assert!(matches!(events[1], Event::Prepared { .. }));
    ui.commands.send(Command::CutPreparation { run: RUN }).unwrap();
    events.extend(rest(&ui));
    let run = history(&events);
    let n = run.tuning_cut().unwrap();
    assert!(n > 0 && n < 100_000);
    assert_eq!(run.replay().init.tuning_steps, n);
    let cut = Event::PreparationCut { run: RUN, n_iterations: n };
    let at = events.iter().position(|event| *event == cut).unwrap();
    assert!(matches!(&events[at - 1], Event::Prepared { records, .. }
        if records.last().unwrap().iteration + 1 == n));
    let (prepared, samples) = told(&events);
    let (again, same) = told(&headless(&run.replay()));
    assert_eq!(samples, same);
    let sizes = |records: &[Preparation]| -> Vec<Vec<f64>> {
        records.iter().map(|record| record.sizes.clone()).collect()
    };
    assert_eq!(sizes(&prepared), sizes(&again));
}

#[test]
fn ending_a_tuning_that_has_no_iteration_left_says_nothing() {
    let (_hub, ui) = start(config(Tuning::GradInit), Paused::Yes);
    let _started = [next(&ui), next(&ui)];
    for _ in 0..30 {
        ui.commands.send(Command::StepOnce { run: RUN }).unwrap();
        let _iterated = [next(&ui), next(&ui)];
    }
    ui.commands.send(Command::CutPreparation { run: RUN }).unwrap();
    ui.commands.send(Command::Resume { run: RUN }).unwrap();
    assert_eq!(next(&ui), Event::Resumed { run: RUN });
    assert_eq!(history(&rest(&ui)).tuning_cut(), None);
}

#[test]
fn pausing_and_stopping_are_obeyed_while_weights_are_tuned() {
    let mut long = config(Tuning::GradInit);
    long.init.tuning_steps = 100_000;
    let (_hub, ui) = start(long, Paused::Yes);
    let started = [next(&ui), next(&ui)];
    assert_eq!(started[1], Event::Paused { run: RUN, step: 0 });
    for iteration in 0..3 {
        ui.commands.send(Command::StepOnce { run: RUN }).unwrap();
        let Event::Prepared { records, .. } = next(&ui) else { panic!("one iteration") };
        assert_eq!(records.iter().map(|r| r.iteration).collect::<Vec<_>>(), [iteration]);
        assert_eq!(next(&ui), Event::Paused { run: RUN, step: 0 });
    }
    ui.commands.send(Command::Resume { run: RUN }).unwrap();
    assert_eq!(next(&ui), Event::Resumed { run: RUN });
    ui.commands.send(Command::Stop { run: RUN }).unwrap();
    let events = rest(&ui);
    assert!(told(&events).1.is_empty());
    let stopped = Event::Ended { run: RUN, step: 0, end: RunEnd::Stopped };
    assert_eq!(events.last(), Some(&stopped));
}

#[test]
fn stop_is_obeyed_in_the_middle_of_an_iteration_that_takes_many_seconds() {
    let mut config = preset("fashion-edge").unwrap().config.clone();
    config.model.hidden = vec![1024; 3];
    (config.init.tuning, config.init.tuning_batch) = (Tuning::MetaInit, 4000);
    let (_hub, ui) = start(config, Paused::No);
    assert!(matches!(next(&ui), Event::Started { .. }));
    ui.commands.send(Command::Stop { run: RUN }).unwrap();
    let stopped = Event::Ended { run: RUN, step: 0, end: RunEnd::Stopped };
    assert_eq!(rest(&ui), [stopped], "the iteration was given up, not finished");
}

#[test]
fn a_tuning_that_fails_is_told_as_what_ended_the_run() {
    let mut config = config(Tuning::GradInit);
    config.model.activation = eoscope::config::Activation::Linear;
    config.model.hidden = vec![64; 16];
    config.dtype = eoscope::config::Dtype::F32;
    config.init.scale = 30.0;
    let (_hub, ui) = start(config, Paused::No);
    let events = rest(&ui);
    let Some(Event::Ended { end: RunEnd::Failed { message }, .. }) = events.last() else {
        panic!("{events:?}")
    };
    assert!(message.contains("GradInit met a value that is not finite"), "{message}");
}

#[test]
fn a_recorded_tuning_comes_back_from_its_folder_and_its_configuration_repeats_the_run() {
    let parent = tempfile::tempdir().unwrap();
    let (ui, end) = link();
    let _hub = Hub::start(end, 1, Some(parent.path().to_owned()), || {}).unwrap();
    let mut long = config(Tuning::GradInit);
    long.init.tuning_steps = 100_000;
    let config = Box::new(long);
    ui.commands.send(Command::Start { run: RUN, config, is_paused: Paused::No }).unwrap();
    let mut events = vec![next(&ui), next(&ui)];
    ui.commands.send(Command::CutPreparation { run: RUN }).unwrap();
    events.extend(rest(&ui));
    let heard = history(&events);
    let dir = parent.path().join("chebyshev-edge");
    let back = store::load(&dir).unwrap();
    assert_eq!(back.preparation(), heard.preparation());
    assert!(!back.is_preparing());
    let n = heard.tuning_cut().unwrap();
    assert_eq!(back.tuning_cut(), Some(n));
    assert_eq!(back.replay(), heard.replay());
    let lines = std::fs::read_to_string(dir.join("events.jsonl")).unwrap();
    assert_eq!(lines, format!("{{\"tuning_ended_after\":{n}}}\n"));
    let repeating = store::read_config(&dir.join("config.toml")).unwrap();
    assert_eq!(repeating, heard.replay());
    assert_eq!(told(&headless(&repeating)).1, told(&events).1);
}
