//! The link between the window and the workers: one bounded queue in each direction.

use crossbeam_channel::{Receiver, Sender, bounded};

use super::command::Command;
use super::event::Event;

/// Capacity of the command queue: the workers drain it faster than a user can fill it.
pub const COMMAND_CAPACITY: usize = 256;

/// Capacity of the event queue: when it is full, training waits, and nothing is dropped.
pub const EVENT_CAPACITY: usize = 256;

/// The window's end of the link.
#[derive(Debug)]
pub struct UiEnd {
    /// Sends commands; use `try_send`, as the window must never block.
    pub commands: Sender<Command>,
    /// Receives events.
    pub events: Receiver<Event>,
}

/// The workers' end of the link.
#[derive(Debug)]
pub struct WorkerEnd {
    /// Receives commands.
    pub commands: Receiver<Command>,
    /// Sends events.
    pub events: Sender<Event>,
}

/// Creates a link and returns both ends.
#[must_use]
pub fn link() -> (UiEnd, WorkerEnd) {
    let (command_in, command_out) = bounded(COMMAND_CAPACITY);
    let (event_in, event_out) = bounded(EVENT_CAPACITY);
    (
        UiEnd { commands: command_in, events: event_out },
        WorkerEnd { commands: command_out, events: event_in },
    )
}
