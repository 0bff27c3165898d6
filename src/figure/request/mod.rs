//! What a caller asks a picture to show.

mod display_choices;
mod options;
mod plotted_run;
mod seed_groups;

pub use display_choices::{Choices, SMOOTHINGS};
pub use options::Options;
pub use plotted_run::PlottedRun;
pub use seed_groups::{ghost_seed_groups, seed_group};
