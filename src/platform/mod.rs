//! Everything that differs between operating systems: clock, threads, files, dialogs, the window
//! and its display, the console, signals, memory and the allocator.
//! The only room that may name a system; it knows nothing of runs. A web page has no files,
//! threads, dialogs or signals yet: a call for one returns an error and nothing panics.

mod allocator;
pub mod clock;
pub mod console;
mod display;
pub mod files;
mod memory;
pub mod native_dialogs;
mod signals;
pub mod threads;
pub mod window;

pub use allocator::{ALLOCATOR, Allocator};
pub use display::choose_display;
pub use memory::{Bound, Memory, memory};
pub use signals::{Signal, SignalGuard, report_size_limits_as_errors};
