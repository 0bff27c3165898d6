//! Sends events to the window; a full queue makes the sender wait, and nothing is dropped.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{SendTimeoutError, Sender};

use crate::protocol::{Event, RunEnd, RunId, Work};
use crate::runner::Throttle;

/// How often a waiting thread checks whether it must stop.
pub(super) const TICK: Duration = Duration::from_millis(20);

/// The sending side of the event queue.
#[derive(Clone)]
pub(super) struct Outbox {
    pub(super) events: Sender<Event>,
    pub(super) wake: Arc<dyn Fn() + Send + Sync>,
    pub(super) is_closing: Arc<AtomicBool>,
    /// Folder in which every run gets its own folder; `None` if runs are not recorded.
    pub(super) recordings: Option<PathBuf>,
    /// Failures after the receiver of events was gone.
    pub(super) unheard: Arc<Mutex<Vec<String>>>,
}

/// The receiver of events is gone.
pub(super) struct Closed;

impl Outbox {
    /// Sends an event, waiting for room in the queue; fails only when the program closes.
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

    /// Returns a callback that reports progress of work starting now, if the work takes long.
    pub(super) fn progress_reporter(&self, run: RunId) -> impl Fn(Work) + '_ {
        let throttle = Throttle::for_work();
        move |work| {
            if throttle.is_due() && self.send(Event::Working { run, work }).is_err() {
                tracing::debug!("no receiver is left for the progress of run {}", run.0);
            }
        }
    }

    /// Reports that a run has failed after this many steps.
    pub(super) fn failed(&self, run: RunId, n_steps: u64, message: String) {
        let end = RunEnd::Failed { message: message.clone() };
        if self.send(Event::Ended { run, step: n_steps, end }).is_err() {
            self.keep_unheard(message);
        }
    }

    /// Keeps a failure that no receiver is left for; the hub tells it when it ends.
    pub(super) fn keep_unheard(&self, message: String) {
        if let Ok(mut unheard) = self.unheard.lock() {
            unheard.push(message);
        }
    }
}
