//! Commands that arrive while a step, a measurement or a full queue holds the thread.

use std::time::Duration;

use eoscope::config::{DatedChange, Interval, RunConfig, preset};
use eoscope::protocol::{Command, Event, Paused, RunEnd, Source};

use crate::hub::{PATIENCE, RUN, next, rest, start};
use crate::{assert_consecutive, config, samples};

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
