//! The threads: a hub that takes commands, one named worker for each run, one for trials beside it,
//! and jobs side by side.
//! Computes nothing itself; everything crosses through `protocol`.

mod abort;
mod hub;
mod outbox;
mod parallel;
mod pending;
mod trials;
mod watch;
mod worker;

pub use hub::Hub;
pub use parallel::run_parallel;
pub use watch::on_flag;

use crate::platform::threads;

/// Threads that compute while a window is open: one core stays free for it.
#[must_use]
pub fn compute_threads() -> usize {
    threads::available().saturating_sub(1).max(1)
}
