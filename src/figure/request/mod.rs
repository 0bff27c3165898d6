//! What a caller asks a picture to show.

mod choices;
mod options;
mod plotted_run;

pub use choices::{Choices, SMOOTHINGS};
pub use options::Options;
pub use plotted_run::PlottedRun;
