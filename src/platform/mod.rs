//! What differs from one family of systems to the next: signals that end a program, displays, memory.
//! The only room that may name one; knows nothing of runs.

mod display;
mod memory;
mod signals;

pub use display::settle_display;
pub use memory::{Bound, Memory, memory};
pub use signals::{Listening, Signal, tell_size_limits_as_errors};
