//! When it is time to say how far a piece of work is: not of short ones, and not at every turn.
//! Does not say it.

use std::cell::Cell;
use std::time::Duration;

use crate::platform::clock::Instant;

/// Work that is over sooner is not spoken of.
const LONG: Duration = Duration::from_millis(500);

/// Time between two words on it.
const PAUSE: Duration = Duration::from_millis(250);

/// The patience of somebody who waits for a piece of work that begins now.
#[derive(Debug)]
pub struct Throttle {
    over: Cell<Instant>,
    pause: Duration,
}

impl Throttle {
    /// With a piece of work that begins now.
    #[must_use]
    pub fn begin() -> Self {
        Self { over: Cell::new(Instant::now() + LONG), pause: PAUSE }
    }

    /// With work that is spoken of as often, however long it takes.
    #[must_use]
    pub fn every(pause: Duration) -> Self {
        Self { over: Cell::new(Instant::now() + pause), pause }
    }

    /// Whether it is over; if so, it begins anew.
    #[must_use]
    pub fn is_due(&self) -> bool {
        let now = Instant::now();
        let is_over = now >= self.over.get();
        if is_over {
            self.over.set(now + self.pause);
        }
        is_over
    }
}
