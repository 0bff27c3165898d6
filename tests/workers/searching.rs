//! Searches and trials of rates beside a run.

use std::time::Duration;

use eoscope::config::preset;
use eoscope::protocol::{
    Command, EndKind, Event, Paused, Plan, RunEnd, SearchKind, Trials, TrialsStatus, UiEnd,
};

use crate::hub::{PATIENCE, RUN, next, rest, start};
use crate::{config, samples};

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
