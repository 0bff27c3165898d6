//! The threads: a hub that takes commands, a worker for each run, one for trials, and parallel
//! jobs. They compute nothing themselves; all messages are those of `protocol`.

mod abort;
mod hub;
mod outbox;
mod parallel;
mod pending;
mod trials_thread;
mod watch;
mod worker;

pub use hub::Hub;
pub use parallel::run_parallel;
pub use watch::on_flag;

use crate::platform::threads;

/// Number of compute threads while a window is open: one core is left to the window.
#[must_use]
pub fn compute_threads() -> usize {
    threads::available().saturating_sub(1).max(1)
}
