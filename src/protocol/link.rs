//! The link between the window and the workers: a bounded queue either way.
//! Does not know what the messages say.

use crossbeam_channel::{Receiver, Sender, bounded};

use super::command::Command;
use super::event::Event;

/// Commands that may wait for the worker; a person cannot type faster than it drains.
pub const COMMAND_CAPACITY: usize = 256;

/// Event batches that may wait for the window; beyond this, training waits and nothing is dropped.
pub const EVENT_CAPACITY: usize = 256;

/// The window's end of the link.
#[derive(Debug)]
pub struct UiEnd {
    /// Commands go here (use `try_send`: the window never waits).
    pub commands: Sender<Command>,
    /// Events come from here.
    pub events: Receiver<Event>,
}

/// The workers' end of the link.
#[derive(Debug)]
pub struct WorkerEnd {
    /// Commands come from here.
    pub commands: Receiver<Command>,
    /// Events go here.
    pub events: Sender<Event>,
}

/// Both ends of a new link, with bounded queues either way.
#[must_use]
pub fn link() -> (UiEnd, WorkerEnd) {
    let (command_in, command_out) = bounded(COMMAND_CAPACITY);
    let (event_in, event_out) = bounded(EVENT_CAPACITY);
    (
        UiEnd { commands: command_in, events: event_out },
        WorkerEnd { commands: command_out, events: event_in },
    )
}
