//! The connection to the workers: sends commands without blocking and receives events one at a time.

use std::collections::VecDeque;

use crossbeam_channel::{TryRecvError, TrySendError};

use crate::protocol::{Command, Event, UiEnd};

/// The link to the workers, with commands that await space in its queue.
#[derive(Debug)]
pub(in crate::ui) struct Connection {
    link: UiEnd,
    is_gone: bool,
    waiting: VecDeque<Command>,
}

impl Connection {
    /// Wraps a link.
    pub(in crate::ui) fn new(link: UiEnd) -> Self {
        Self { link, is_gone: false, waiting: VecDeque::new() }
    }

    /// The next event, if one has arrived.
    pub(in crate::ui) fn receive(&mut self) -> Option<Event> {
        match self.link.events.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.is_gone = true;
                None
            }
        }
    }

    /// Sends a command, in order; of waiting changes by the same drag only the last is kept.
    pub(in crate::ui) fn send(&mut self, command: Command) {
        if let (
            Command::Tune { run, source, .. },
            Some(Command::Tune { run: last_run, source: last_source, .. }),
        ) = (&command, self.waiting.back())
            && run == last_run
            && source == last_source
        {
            self.waiting.pop_back();
        }
        self.waiting.push_back(command);
        self.flush();
    }

    /// Sends waiting commands while the queue has space.
    pub(in crate::ui) fn flush(&mut self) {
        while let Some(command) = self.waiting.pop_front() {
            match self.link.commands.try_send(command) {
                Ok(()) => {}
                Err(TrySendError::Full(command)) => {
                    self.waiting.push_front(command);
                    return;
                }
                Err(TrySendError::Disconnected(_)) => {
                    self.is_gone = true;
                    self.waiting.clear();
                }
            }
        }
    }

    /// Whether commands are waiting for space in the queue.
    pub(in crate::ui) fn has_unsent(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether the other end of the link is gone.
    pub(in crate::ui) fn is_gone(&self) -> bool {
        self.is_gone
    }
}
