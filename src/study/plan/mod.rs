//! The plan of a study: its TOML file, the axes in it, and the tasks they expand to.

mod axes;
mod cases;
mod checks;
mod number_range;
mod point;
mod reader;
mod study_file;
mod task;

pub use axes::Axis;
pub use point::{Beside, Point};
pub(crate) use reader::Reader;
pub use study_file::Study;
pub use task::Task;
