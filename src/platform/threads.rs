//! Named threads. On a web page, starting one returns an error.

use std::io;
use std::thread::{self, Builder};
use std::time::Duration;

pub use std::thread::{JoinHandle as Thread, Scope, scope};

/// Why threads cannot be started on this system; `None` if they can.
pub const REFUSAL: Option<&str> =
    if cfg!(target_family = "wasm") { Some("a web page cannot start threads yet") } else { None };

/// Starts a thread.
///
/// # Errors
/// The thread cannot be started.
pub fn spawn<T: Send + 'static>(
    name: impl Into<String>,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Thread<T>> {
    named(name)?.spawn(work)
}

/// Starts a thread that is joined when its [`scope`] ends.
///
/// # Errors
/// As [`spawn`].
pub fn spawn_scoped<'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: impl Into<String>,
    work: impl FnOnce() + Send + 'scope,
) -> io::Result<()> {
    named(name)?.spawn_scoped(scope, work).map(drop)
}

fn named(name: impl Into<String>) -> io::Result<Builder> {
    match REFUSAL {
        Some(refusal) => Err(io::Error::new(io::ErrorKind::Unsupported, refusal)),
        None => Ok(Builder::new().name(name.into())),
    }
}

/// Number of threads that run in parallel on this machine.
#[must_use]
pub fn available() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Sleeps; on a web page, returns immediately.
pub fn sleep(time: Duration) {
    if !cfg!(target_family = "wasm") {
        thread::sleep(time);
    }
}
