//! The plan of a study: its TOML file, the axes in it, and the tasks they expand to.

mod axis_point;
mod cases;
mod checks;
mod number_range;
mod reader;
mod study_axis;
mod study_file;
mod study_task;
mod two_settings;

pub use axis_point::{Beside, Point};
pub(crate) use reader::Reader;
pub use study_axis::Axis;
pub use study_file::Study;
pub use study_task::Task;
pub use two_settings::Span;
