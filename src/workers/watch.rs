//! Waits beside everything else for a flag that the system raises.
//! Does not know what the flag means.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::platform::threads;

/// How often the flag is looked at.
const TICK: Duration = Duration::from_millis(50);

/// Calls `then` soon after the flag has become true, from a thread that ends with the program.
///
/// # Errors
/// When the system gives no thread.
pub fn on_flag(flag: &'static AtomicBool, then: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let wait = move || {
        while !flag.load(Ordering::Relaxed) {
            threads::sleep(TICK);
        }
        then();
    };
    threads::spawn("eoscope-signals", wait).map(drop)
}
