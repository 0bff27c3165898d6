//! What differs from one family of systems to the next: clock, threads, files, dialogs, the window
//! and its display, what is said on a console, signals that end a program, memory and its allocator.
//! The only room that may name one; knows nothing of runs. On a web page there are no files, threads,
//! dialogs or signals yet: whoever asks for one is refused, and nothing panics.

mod allocator;
pub mod clock;
pub mod console;
pub mod dialogs;
mod display;
pub mod files;
mod memory;
mod signals;
pub mod threads;
pub mod window;

pub use allocator::{ALLOCATOR, Allocator};
pub use display::choose_display;
pub use memory::{Bound, Memory, memory};
pub use signals::{Signal, SignalGuard, report_size_limits_as_errors};
