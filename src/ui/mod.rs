//! The window: panels read the history of runs and return what a person wants.
//! Never computes curvature and never sees the trainer; everything crosses the link.

mod app;
mod bar;
mod cards;
mod choices;
mod compare;
mod contents;
mod controls;
mod export;
mod gauge;
mod ghosts;
mod keys;
mod looks;
mod naming;
mod picture;
mod plots;
mod reach;
mod save;
mod session;
mod status;
mod tools;
mod trace;
mod undo;
mod widths;
mod window;
mod wish;

pub use app::App;
pub use window::{WindowError, open};
