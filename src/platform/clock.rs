//! The clock that measures how long something takes. Nothing that is computed depends on it.

pub use web_time::Instant;
