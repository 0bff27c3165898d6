//! Tasks run into the study's folder, and rows read back from the run folders in it.

mod execute;
mod finished;
mod merge;
mod read_back;
mod run_row;
mod shard;

pub use execute::{Options, Report, Swept, sweep};
pub use finished::even;
pub use merge::{Merged, merge};
pub use read_back::load;
pub use shard::Shard;
