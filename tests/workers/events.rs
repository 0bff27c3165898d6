//! The order of events, single steps, failures, and replays of a run.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use eoscope::config::{DatedChange, Interval, LiveSettings, RunConfig, Setting};
use eoscope::net::never;
use eoscope::protocol::{Command, Event, Paused, RunEnd, Source, link};
use eoscope::runner;
use eoscope::workers::Hub;

use crate::hub::{RUN, next, rest, start};
use crate::{assert_consecutive, config, samples};

fn headless(config: &RunConfig, n_threads: usize) -> Vec<Event> {
    let mut events = Vec::new();
    runner::run(config, n_threads, &never, &mut |event| {
        events.push(event.clone());
        ControlFlow::Continue(())
    })
    .unwrap();
    events
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
