//! Decides when to report progress: not for short work, and not too often.

use std::cell::Cell;
use std::time::Duration;

use crate::platform::clock::Instant;

/// Work shorter than this reports no progress.
const FIRST_REPORT: Duration = Duration::from_millis(500);

/// Time between two reports.
const REPORT_INTERVAL: Duration = Duration::from_millis(250);

/// Limits the rate of progress reports.
#[derive(Debug)]
pub struct Throttle {
    due: Cell<Instant>,
    interval: Duration,
}

impl Throttle {
    /// For work that starts now: the first report is due after `FIRST_REPORT`, then one every
    /// `REPORT_INTERVAL`.
    #[must_use]
    pub fn for_work() -> Self {
        Self { due: Cell::new(Instant::now() + FIRST_REPORT), interval: REPORT_INTERVAL }
    }

    /// A report every `interval`.
    #[must_use]
    pub fn every(interval: Duration) -> Self {
        Self { due: Cell::new(Instant::now() + interval), interval }
    }

    /// Whether a report is due; if so, the wait for the next one starts.
    #[must_use]
    pub fn is_due(&self) -> bool {
        let now = Instant::now();
        let is_due = now >= self.due.get();
        if is_due {
            self.due.set(now + self.interval);
        }
        is_due
    }
}
