//! Threads, each with a name. A web page cannot start any: there, whoever asks for one is refused.

use std::io;
use std::thread::{self, Builder};
use std::time::Duration;

pub use std::thread::{JoinHandle as Thread, Scope, scope};

/// Why this system starts no threads at all; `None` where it does.
pub const REFUSAL: Option<&str> =
    if cfg!(target_family = "wasm") { Some("a web page cannot start threads yet") } else { None };

/// Starts a thread.
///
/// # Errors
/// When the system gives none.
pub fn spawn<T: Send + 'static>(
    name: impl Into<String>,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Thread<T>> {
    named(name)?.spawn(work)
}

/// Starts a thread that ends before its [`scope`] does.
///
/// # Errors
/// When the system gives none.
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

/// Threads that this machine runs side by side.
#[must_use]
pub fn available() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Waits; at once over on a web page, which cannot wait.
pub fn sleep(time: Duration) {
    if !cfg!(target_family = "wasm") {
        thread::sleep(time);
    }
}
