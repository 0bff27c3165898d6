//! Tasks: embedded data sets and generators, each with its scaling. Independent of runs, losses,
//! networks and the file system.

mod builtin;
mod embedded;
mod error;
mod examples;
pub mod idx;
mod info;
mod load;
mod parameters;
mod pictures;
pub mod sampling;
mod scaling;
mod source;
mod task_source;

pub use builtin::BuiltinTask;
pub use error::DataError;
pub use examples::Examples;
pub use info::{Answer, InputShape, TaskInfo};
pub use load::{Task, load};
pub use parameters::{Parameter, Parameters};
pub use source::{Request, Source, Split};
pub use task_source::TaskSource;
