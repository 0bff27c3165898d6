//! Tasks: embedded data sets, generators and files of the user, each with its scaling. Independent
//! of runs, losses and networks; only `loaders` opens files.

mod builtin;
mod embedded;
mod error;
mod examples;
pub mod idx;
mod info;
mod load;
mod loaders;
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
pub use loaders::{FileFormat, file_formats, resolved_file};
pub use parameters::{DataFile, Parameter, Parameters};
pub use source::{Request, Source, Split};
pub use task_source::TaskSource;
