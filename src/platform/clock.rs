//! A clock for durations; no computed number depends on it.

pub use web_time::Instant;
