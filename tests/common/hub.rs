//! A worker hub with one run, and its events.

use std::time::Duration;

use eoscope::config::RunConfig;
use eoscope::protocol::{Command, Event, Paused, RunId, UiEnd, link};
use eoscope::workers::Hub;

/// The run that [`start`] starts.
pub(crate) const RUN: RunId = RunId(7);

/// Longer than any step on a busy machine; reaching it is a failure.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn start(config: RunConfig, is_paused: Paused) -> (Hub, UiEnd) {
    let (ui, end) = link();
    let hub = Hub::start(end, 1, None, || {}).unwrap();
    ui.commands.send(Command::Start { run: RUN, config: Box::new(config), is_paused }).unwrap();
    (hub, ui)
}

pub(crate) fn next(ui: &UiEnd) -> Event {
    loop {
        let event = ui.events.recv_timeout(PATIENCE).expect("the worker says something");
        // A slow machine reports this for any step.
        if !matches!(event, Event::Working { .. }) {
            return event;
        }
    }
}

/// All events up to and including the end of the run.
pub(crate) fn rest(ui: &UiEnd) -> Vec<Event> {
    let mut events = Vec::new();
    while !matches!(events.last(), Some(Event::Ended { .. })) {
        events.push(next(ui));
    }
    events
}
