//! What the user reads in the terminal: results, progress bars and reports of panics.

pub(super) mod panics;
pub(super) mod progress;
mod stdout;
pub(super) mod sweep_progress;

pub(super) use stdout::print;
