//! The window: panels read the history of runs and return what a person wants.
//! Never computes curvature and never sees the trainer; everything crosses the link.

mod answer;
mod app;
mod ask;
mod bar;
mod cards;
mod choices;
mod compare;
mod contents;
mod controls;
mod desk;
mod export;
mod factors;
mod gauge;
mod ghosts;
mod keep;
mod keys;
mod looks;
mod marks;
mod memory;
mod naming;
mod network;
mod overlay;
mod picture;
mod plots;
mod post;
mod preparation;
mod reach;
mod rescue;
mod save;
mod search;
mod session;
mod shelf;
mod status;
mod strokes;
mod tools;
mod trace;
mod trials;
mod undo;
mod view_menu;
mod widths;
mod window;
mod wish;

pub use app::App;
pub use keys::list as keys;
pub use window::{WindowError, open};
