//! A hub with one run, and what it says.
//! Knows no window.

use std::time::Duration;

use eoscope::config::RunConfig;
use eoscope::protocol::{Command, Event, Paused, RunId, UiEnd, link};
use eoscope::workers::Hub;

/// The run that [`start`] begins.
pub(crate) const RUN: RunId = RunId(7);

/// Long enough for any step on a busy machine; reaching it is a failure, not a measurement.
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
        // Said on a slow machine, of any step.
        if !matches!(event, Event::Working { .. }) {
            return event;
        }
    }
}

/// All events up to and including the one that ends the run.
pub(crate) fn rest(ui: &UiEnd) -> Vec<Event> {
    let mut events = Vec::new();
    while !matches!(events.last(), Some(Event::Ended { .. })) {
        events.push(next(ui));
    }
    events
}
