//! The worker threads: order of events, stopping, pausing, panics, and replay.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "common/hub.rs"]
mod hub;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use eoscope::config::{DatedChange, Interval, LiveSettings, Pace, RunConfig, Setting, preset};
use eoscope::history::Run;
use eoscope::net::never;
use eoscope::protocol::{
    Command, EndKind, Event, Paused, Plan, RunEnd, Sample, SearchKind, Source, Trials,
    TrialsStatus, UiEnd, link,
};
use eoscope::quantity;
use eoscope::runner;
use eoscope::store;
use eoscope::workers::Hub;
use hub::{PATIENCE, RUN, next, rest, start};

fn config(n_steps: u64) -> RunConfig {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    config.n_steps = n_steps;
    config.live.pace = Pace::Unlimited;
    config.live.probe.min_every = Interval::every(50);
    config.live.probe.audit_every = Interval::every(50);
    config
}

fn samples(events: &[Event]) -> Vec<Sample> {
    let mut samples = Vec::new();
    for event in events {
        if let Event::Sampled { records, .. } = event {
            samples.extend(records.iter().map(|record| record.sample.clone()));
        }
    }
    samples
}

fn headless(config: &RunConfig, n_threads: usize) -> Vec<Event> {
    let mut events = Vec::new();
    runner::run(config, n_threads, &never, &mut |event| {
        events.push(event.clone());
        ControlFlow::Continue(())
    })
    .unwrap();
    events
}

fn assert_consecutive(samples: &[Sample]) {
    for (i, sample) in samples.iter().enumerate() {
        assert_eq!(sample.step, i as u64, "no sample is missing or repeated");
    }
}

#[test]
fn a_run_says_started_then_every_sample_then_finished() {
    let (_hub, ui) = start(config(300), Paused::No);
    let events = rest(&ui);
    assert!(matches!(&events[0], Event::Started { run: RUN, facts, .. } if facts.n_params == 701));
    let samples = samples(&events);
    assert_eq!(samples.len(), 300);
    assert_consecutive(&samples);
    assert!(matches!(
        events.last(),
        Some(Event::Ended { run: RUN, step: 300, end: RunEnd::Finished })
    ));
}

#[test]
fn tuned_precedes_the_first_sample_that_uses_it() {
    let (_hub, ui) = start(config(200_000), Paused::No);
    assert!(matches!(next(&ui), Event::Started { .. }));
    let live = LiveSettings { peak_lr: 0.125, ..config(1).live };
    let tune = Command::Tune { run: RUN, live: Box::new(live), source: Source::User(1) };
    ui.commands.send(tune).unwrap();
    let mut tuned_at = None;
    loop {
        match next(&ui) {
            Event::Tuned { step, live, source, .. } => {
                assert_eq!((live.peak_lr, source), (0.125, Source::User(1)));
                tuned_at = Some(step);
            }
            Event::Sampled { records, .. } => {
                for record in &records {
                    let uses_it = record.sample.learning_rate == 0.125;
                    assert_eq!(uses_it, tuned_at.is_some_and(|step| record.sample.step >= step));
                }
                if tuned_at.is_some() {
                    break;
                }
            }
            Event::Started { .. }
            | Event::Searched { .. }
            | Event::Tried { .. }
            | Event::Working { .. }
            | Event::Prepared { .. }
            | Event::PreparationCut { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::Ended { .. } => {
                panic!("only samples and the change were asked for")
            }
        }
    }
    ui.commands.send(Command::Stop { run: RUN }).unwrap();
}

#[test]
fn a_search_is_answered_between_two_steps_and_the_samples_are_as_without_it() {
    let plain = samples(&rest(&start(config(20), Paused::No).1));
    for kind in [SearchKind::FirstRate, SearchKind::RangeTest] {
        let (_hub, ui) = start(config(20), Paused::Yes);
        assert!(matches!(next(&ui), Event::Started { .. }));
        assert_eq!(next(&ui), Event::Paused { run: RUN, step: 0 });
        ui.commands.send(Command::StepOnce { run: RUN }).unwrap();
        let mut events = vec![next(&ui)];
        assert_eq!(next(&ui), Event::Paused { run: RUN, step: 1 });
        ui.commands.send(Command::Search { run: RUN, kind }).unwrap();
        let Event::Searched { run: RUN, step: 1, search } = next(&ui) else { panic!("{kind:?}") };
        assert!(search.kind == kind && search.found.is_some() && search.points.len() > 5);
        // It is still paused.
        assert!(ui.events.recv_timeout(Duration::from_millis(50)).is_err());
        ui.commands.send(Command::Resume { run: RUN }).unwrap();
        events.extend(rest(&ui));
        assert_eq!(samples(&events), plain, "{kind:?}");
    }
}

#[test]
fn stop_is_obeyed_in_the_middle_of_a_search() {
    let mut config = preset("fashion-edge").unwrap().config.clone();
    config.model.hidden = vec![1024, 1024];
    let (_hub, ui) = start(config, Paused::Yes);
    assert!(matches!(next(&ui), Event::Started { .. }));
    assert_eq!(next(&ui), Event::Paused { run: RUN, step: 0 });
    ui.commands.send(Command::Search { run: RUN, kind: SearchKind::RangeTest }).unwrap();
    ui.commands.send(Command::Stop { run: RUN }).unwrap();
    let stopped = Event::Ended { run: RUN, step: 0, end: RunEnd::Stopped };
    assert_eq!(next(&ui), stopped, "the search was given up, not finished");
}

/// All events up to the end of the trials, and the trials.
fn until_tried(ui: &UiEnd) -> (Vec<Event>, u64, Trials) {
    let mut events = Vec::new();
    loop {
        let event = next(ui);
        if let Event::Tried { run: RUN, step, trials } = &event
            && trials.is_over()
        {
            return (events, *step, (**trials).clone());
        }
        events.push(event);
    }
}

fn rates(n_steps: u64) -> Command {
    Command::Try { run: RUN, plan: Plan::RatesFromHere { factors: vec![0.25, 0.5, 1.0], n_steps } }
}

#[test]
fn rates_are_tried_beside_a_run_that_goes_on_as_without_them() {
    let plain = samples(&rest(&start(config(3000), Paused::No).1));
    let (_hub, ui) = start(config(3000), Paused::No);
    assert!(matches!(next(&ui), Event::Started { .. }));
    ui.commands.send(rates(400)).unwrap();
    let (mut events, step, trials) = until_tried(&ui);
    assert_eq!(trials.status, TrialsStatus::Done);
    assert!(trials.trials.iter().all(|trial| trial.end == Some(EndKind::Finished)), "{trials:?}");
    // The trial at the present rate equals the run itself.
    let present = &trials.trials[2];
    assert_eq!((present.factor, present.losses.len()), (1.0, 401));
    let from = plain.iter().skip_while(|sample| sample.step < step);
    let own: Vec<f64> = from.take(401).map(|sample| sample.loss).collect();
    assert_eq!(present.losses[..own.len()], own);
    let is_stopped = |event: &Event| matches!(event, Event::Ended { .. });
    while !events.iter().any(is_stopped) {
        events.push(next(&ui));
    }
    assert_eq!(samples(&events), plain);
}

#[test]
fn trials_are_told_as_they_go_on_and_can_be_ended() {
    let (_hub, ui) = start(config(10), Paused::Yes);
    ui.commands.send(rates(1_000_000)).unwrap();
    let mut n_taken = 0;
    for _ in 0..3 {
        let trials = loop {
            if let Event::Tried { step: 0, trials, .. } = next(&ui) {
                break trials;
            }
        };
        assert_eq!(trials.status, TrialsStatus::Running);
        let taken: Vec<u64> = trials.trials.iter().map(eoscope::protocol::Trial::n_taken).collect();
        assert!(taken.iter().max().unwrap() - taken.iter().min().unwrap() <= 1, "{taken:?}");
        assert!(taken[0] > n_taken);
        n_taken = taken[0];
    }
    ui.commands.send(Command::EndTrials { run: RUN }).unwrap();
    assert_eq!(until_tried(&ui).2.status, TrialsStatus::Cancelled);
    // The run was paused all the time, and continues.
    ui.commands.send(Command::Resume { run: RUN }).unwrap();
    assert_eq!(samples(&rest(&ui)).len(), 10);
}

#[test]
fn a_warmup_is_looked_for_when_the_run_is_over_but_nothing_is_left_to_copy() {
    let blowup = preset("blowup").unwrap().config.clone();
    let (_hub, ui) = start(blowup.clone(), Paused::No);
    let events = rest(&ui);
    assert!(matches!(events.last(), Some(Event::Ended { end: RunEnd::Diverged { .. }, .. })));
    let plan = Plan::Warmup { config: Box::new(blowup) };
    ui.commands.send(Command::Try { run: RUN, plan }).unwrap();
    let (_, step, trials) = until_tried(&ui);
    assert_eq!((step, &trials.status), (0, &TrialsStatus::Done));
    assert_eq!(trials.trials.last().unwrap().end, Some(EndKind::Finished));
    // Equal to the run itself.
    assert_eq!(trials.trials[0].n_taken() + 1, samples(&events).len() as u64);
    ui.commands.send(rates(5)).unwrap();
    let TrialsStatus::Failed(message) = until_tried(&ui).2.status else { panic!("{trials:?}") };
    assert!(message.contains("from its first step"), "{message}");
}

#[test]
fn closing_ends_trials_at_once() {
    let mut config = preset("fashion-edge").unwrap().config.clone();
    config.model.hidden = vec![1024, 1024];
    let (hub, ui) = start(config, Paused::Yes);
    ui.commands.send(rates(2000)).unwrap();
    assert!(matches!(next(&ui), Event::Started { .. }));
    let begun = std::time::Instant::now();
    drop(hub);
    assert!(begun.elapsed() < PATIENCE / 2);
}

#[test]
fn stop_is_obeyed_while_the_queue_is_full_and_nothing_is_lost() {
    let (_hub, ui) = start(config(1_000_000), Paused::No);
    while !ui.events.is_full() {
        // Cause events faster than batches form: each tune is one.
        let live = Box::new(config(1).live);
        let tune = Command::Tune { run: RUN, live, source: Source::User(1) };
        let delivered = ui.commands.send_timeout(tune, PATIENCE);
        assert!(delivered.is_ok() || ui.events.is_full());
    }
    ui.commands.send_timeout(Command::Stop { run: RUN }, PATIENCE).unwrap();
    let events = rest(&ui);
    assert_consecutive(&samples(&events));
    let Some(Event::Ended { step, end, .. }) = events.last() else { panic!() };
    assert_eq!((*step, end.clone()), (samples(&events).len() as u64, RunEnd::Stopped));
}

/// A run whose first step measures for many seconds.
fn slow() -> RunConfig {
    let mut config = preset("fashion-edge").unwrap().config.clone();
    config.model.hidden = vec![1024, 1024];
    config.live.probe.audit_every = Interval::every(1);
    config
}

#[test]
fn stop_is_obeyed_in_the_middle_of_a_measurement_that_takes_many_seconds() {
    let (_hub, ui) = start(slow(), Paused::No);
    assert!(matches!(next(&ui), Event::Started { facts, .. } if facts.n_params > 1_800_000));
    ui.commands.send(Command::Stop { run: RUN }).unwrap();
    let events = rest(&ui);
    assert!(samples(&events).is_empty(), "the measurement was given up, not finished");
    let stopped = Event::Ended { run: RUN, step: 0, end: RunEnd::Stopped };
    assert_eq!(events.last(), Some(&stopped));
}

#[test]
fn a_slider_and_pause_are_obeyed_in_the_middle_of_a_measurement_and_the_configs_own_change_stands_back()
 {
    let set = [("live.peak_lr".to_owned(), toml::Value::Float(0.4))].into();
    let config = RunConfig { changes: vec![DatedChange { step: 0, set }], ..slow() };
    let mut live = config.live.clone();
    let (_hub, ui) = start(config, Paused::No);
    assert!(matches!(next(&ui), Event::Started { .. }));
    // Wait until the step has begun; otherwise the test would check less.
    std::thread::sleep(Duration::from_millis(300));
    (live.peak_lr, live.probe.every) = (0.05, Interval::Off);
    let source = Source::User(1);
    ui.commands.send(Command::Tune { run: RUN, live: Box::new(live), source }).unwrap();
    ui.commands.send(Command::Pause { run: RUN }).unwrap();
    for wanted in [(0, 0.4, Source::Config), (0, 0.05, source)] {
        let Event::Tuned { step, live, source, .. } = next(&ui) else { panic!() };
        assert_eq!((step, live.peak_lr, source), wanted);
    }
    assert_eq!(next(&ui), Event::Paused { run: RUN, step: 0 });
    ui.commands.send(Command::StepOnce { run: RUN }).unwrap();
    assert_eq!(samples(&[next(&ui)])[0].learning_rate, 0.05);
}

#[test]
fn pause_is_obeyed_in_the_middle_of_a_measurement_as_often_as_it_is_asked() {
    let (_hub, ui) = start(slow(), Paused::No);
    assert!(matches!(next(&ui), Event::Started { .. }));
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(300));
        ui.commands.send(Command::Pause { run: RUN }).unwrap();
        assert_eq!(next(&ui), Event::Paused { run: RUN, step: 0 });
        ui.commands.send(Command::Resume { run: RUN }).unwrap();
        assert_eq!(next(&ui), Event::Resumed { run: RUN });
    }
}

#[test]
fn dropping_the_hub_joins_its_threads_even_when_nobody_listens() {
    let (hub, ui) = start(config(1_000_000), Paused::No);
    assert!(matches!(next(&ui), Event::Started { .. }));
    drop(hub);
    // After the join every sender is gone, so the queue ends.
    while ui.events.recv_timeout(PATIENCE).is_ok() {}
    assert!(ui.commands.send(Command::Stop { run: RUN }).is_err());
}

#[test]
fn a_panic_in_the_thread_becomes_a_message() {
    let (ui, end) = link();
    let has_panicked = Arc::new(AtomicBool::new(false));
    let flag = has_panicked.clone();
    let hub = Hub::start(end, 1, None, move || {
        assert!(flag.swap(true, Ordering::Relaxed), "planted");
    });
    let _hub = hub.unwrap();
    let config = Box::new(config(10));
    ui.commands.send(Command::Start { run: RUN, config, is_paused: Paused::No }).unwrap();
    let events = rest(&ui);
    let Some(Event::Ended { end: RunEnd::Failed { message }, .. }) = events.last() else {
        panic!("{events:?}")
    };
    assert!(message.contains("planted"), "{message}");
}

#[test]
fn a_refused_configuration_becomes_a_message() {
    let mut config = config(10);
    config.task.n_train = 1_000_000;
    let (_hub, ui) = start(config, Paused::No);
    let events = rest(&ui);
    let [Event::Ended { end: RunEnd::Failed { message }, .. }] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert!(message.contains("task.n_train"), "{message}");
}

#[test]
fn a_paused_run_takes_exactly_the_single_steps_asked_for() {
    let (_hub, ui) = start(config(100), Paused::Yes);
    assert!(matches!(next(&ui), Event::Started { .. }));
    assert_eq!(next(&ui), Event::Paused { run: RUN, step: 0 });
    for step in 0..3 {
        ui.commands.send(Command::StepOnce { run: RUN }).unwrap();
        let Event::Sampled { records, .. } = next(&ui) else { panic!() };
        assert_eq!(records.iter().map(|r| r.sample.step).collect::<Vec<_>>(), [step]);
        assert_eq!(next(&ui), Event::Paused { run: RUN, step: step + 1 });
    }
    ui.commands.send(Command::Resume { run: RUN }).unwrap();
    assert_eq!(next(&ui), Event::Resumed { run: RUN });
    assert_eq!(samples(&rest(&ui)).len(), 97);
}

#[test]
fn a_run_changed_by_hand_replays_headless_bit_for_bit_at_any_thread_count() {
    let (_hub, ui) = start(config(600), Paused::Yes);
    let tune = |lr: f64, every: u64| {
        let mut live = config(1).live;
        live.peak_lr = lr;
        live.probe.every = Interval::every(every);
        Command::Tune { run: RUN, live: Box::new(live), source: Source::User(1) }
    };
    ui.commands.send(Command::Resume { run: RUN }).unwrap();
    ui.commands.send(tune(0.15, 1)).unwrap();
    let mut events = Vec::new();
    while !matches!(events.last(), Some(Event::Sampled { .. })) {
        events.push(next(&ui));
    }
    ui.commands.send(tune(0.25, 3)).unwrap();
    events.extend(rest(&ui));

    let mut replay = config(600);
    for event in &events {
        if let Event::Tuned { step, live, .. } = event {
            let live = RunConfig { live: (**live).clone(), ..replay.clone() };
            let rows = Setting::all().filter(|setting| setting.is_live());
            let set: BTreeMap<_, _> =
                rows.map(|setting| (setting.key.to_owned(), setting.get(&live))).collect();
            replay.changes.push(DatedChange { step: *step, set });
        }
    }
    assert_eq!(replay.changes.len(), 2);
    let by_hand = samples(&events);
    assert_eq!(by_hand, samples(&headless(&replay, 1)));
    let again = RunConfig::from_toml(&replay.to_toml()).unwrap();
    assert_eq!(by_hand, samples(&headless(&again, 3)));
}

#[test]
fn a_recorded_run_comes_back_from_its_folder_as_it_was_heard() {
    let parent = tempfile::tempdir().unwrap();
    let (ui, end) = link();
    let recordings = Some(parent.path().to_owned());
    let _hub = Hub::start(end, 1, recordings, || {}).unwrap();
    let config = Box::new(config(120));
    ui.commands.send(Command::Start { run: RUN, config, is_paused: Paused::No }).unwrap();
    let mut heard = Run::new(RUN, RunConfig::default());
    for event in rest(&ui) {
        heard.apply(&event);
    }
    let back = store::load(&parent.path().join("chebyshev-edge")).unwrap();
    assert_eq!((back.status(), back.n_steps()), (heard.status(), 120));
    for of in [quantity::LOSS, quantity::SHARPNESS, quantity::HESSIAN_EIG_MIN, quantity::GRAD_NORM]
    {
        assert!(!back.series(of).is_empty(), "{}", of.name());
        assert_eq!(back.series(of), heard.series(of), "{}", of.name());
    }
}

/// A hub that records this configuration in a folder, paused at the start.
fn recorded(config: RunConfig, parent: &Path) -> (Hub, UiEnd) {
    let (ui, end) = link();
    let hub = Hub::start(end, 1, Some(parent.to_owned()), || {}).unwrap();
    let config = Box::new(config);
    ui.commands.send(Command::Start { run: RUN, config, is_paused: Paused::Yes }).unwrap();
    assert!(matches!(next(&ui), Event::Started { .. }));
    assert_eq!(next(&ui), Event::Paused { run: RUN, step: 0 });
    (hub, ui)
}

/// The display can go away, or the window close, while more events wait than the window takes.
#[test]
fn a_run_that_is_closed_while_the_queue_is_full_keeps_its_rows_and_weights() {
    let parent = tempfile::tempdir().unwrap();
    let (hub, ui) = recorded(config(1_000_000), parent.path());
    ui.commands.send(Command::Resume { run: RUN }).unwrap();
    let begun = Instant::now();
    while !ui.events.is_full() && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(hub);
    let dir = parent.path().join("chebyshev-edge");
    let back = store::load(&dir).unwrap();
    assert_eq!(back.end(), Some(&RunEnd::Stopped));
    let n_steps = back.n_steps();
    assert!(n_steps > 0 && back.series(quantity::LOSS).len() as u64 == n_steps, "{n_steps}");
    let weights = dir.join(format!("checkpoint-{n_steps}.safetensors"));
    assert_eq!(store::read_checkpoint(&weights).unwrap().step, n_steps);
}

#[test]
fn a_run_that_fails_while_it_is_recorded_reports_the_steps_it_made() {
    let parent = tempfile::tempdir().unwrap();
    let (_hub, ui) = recorded(config(60), parent.path());
    // The weights cannot be written where a folder is.
    let dir = parent.path().join("chebyshev-edge");
    std::fs::create_dir_all(dir.join("checkpoint-60.safetensors")).unwrap();
    ui.commands.send(Command::Resume { run: RUN }).unwrap();
    let mut heard = Run::new(RUN, config(60));
    let events = rest(&ui);
    for event in &events {
        heard.apply(event);
    }
    let Some(Event::Ended { step, end: RunEnd::Failed { message }, .. }) = events.last() else {
        panic!("{events:?}")
    };
    assert!(message.contains("could not be recorded"), "{message}");
    assert_eq!((*step, heard.n_steps(), heard.last().unwrap().sample.step), (60, 60, 59));
}

#[test]
fn a_run_that_cannot_be_recorded_says_so() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let (ui, end) = link();
    let _hub = Hub::start(end, 1, Some(file), || {}).unwrap();
    let config = Box::new(config(10));
    ui.commands.send(Command::Start { run: RUN, config, is_paused: Paused::No }).unwrap();
    let events = rest(&ui);
    let Some(Event::Ended { end: RunEnd::Failed { message }, .. }) = events.last() else {
        panic!("{events:?}")
    };
    assert!(message.contains("could not be recorded"), "{message}");
}
