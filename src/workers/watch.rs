//! Waits in a thread for a flag set by a signal.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::platform::threads;

/// How often the flag is read.
const TICK: Duration = Duration::from_millis(50);

/// Calls `then` soon after the flag becomes true, from a thread that lives until the program ends.
///
/// # Errors
/// The thread cannot be started.
pub fn on_flag(flag: &'static AtomicBool, then: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let wait = move || {
        while !flag.load(Ordering::Relaxed) {
            threads::sleep(TICK);
        }
        then();
    };
    threads::spawn("eoscope-signals", wait).map(drop)
}
