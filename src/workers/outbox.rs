//! The way of events to the window: a full queue makes the sender wait, and nothing is dropped.
//! Does not know what they say.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{SendTimeoutError, Sender};

use crate::protocol::{Event, RunEnd, RunId, Work};
use crate::runner::Throttle;

/// How often a thread that waits, for the window or for a command, looks whether it must stop.
pub(super) const TICK: Duration = Duration::from_millis(20);

/// Where events go.
#[derive(Clone)]
pub(super) struct Outbox {
    pub(super) events: Sender<Event>,
    pub(super) wake: Arc<dyn Fn() + Send + Sync>,
    pub(super) is_closing: Arc<AtomicBool>,
    /// Folder in which every run gets a folder of its own, if runs are recorded.
    pub(super) recordings: Option<PathBuf>,
}

/// Nobody listens any more.
pub(super) struct Closed;

impl Outbox {
    /// Delivers an event, waiting for room; gives up only when the program closes.
    pub(super) fn send(&self, mut event: Event) -> Result<(), Closed> {
        loop {
            match self.events.send_timeout(event, TICK) {
                Ok(()) => {
                    (self.wake)();
                    return Ok(());
                }
                Err(SendTimeoutError::Timeout(back))
                    if !self.is_closing.load(Ordering::Relaxed) =>
                {
                    event = back;
                }
                Err(_) => return Err(Closed),
            }
        }
    }

    /// Says now and then how far work is that begins now, where it takes long.
    pub(super) fn progress_reporter(&self, run: RunId) -> impl Fn(Work) + '_ {
        let throttle = Throttle::begin();
        move |work| {
            if throttle.is_due() && self.send(Event::Working { run, work }).is_err() {
                tracing::debug!("nobody is left to hear how far run {} is", run.0);
            }
        }
    }

    /// Reports that a run cannot go on.
    pub(super) fn failed(&self, run: RunId, message: String) {
        let stopped = Event::Ended { run, step: 0, end: RunEnd::Failed { message } };
        if self.send(stopped).is_err() {
            tracing::debug!("nobody is left to hear that run {} failed", run.0);
        }
    }
}
