//! Runs a study's tasks into its folder, and collects their rows from the run folders.

mod execute;
mod finished;
mod merge;
mod own_tables;
mod read_back;
mod run_row;
mod shard;

pub use execute::{Options, SweepEvent, Swept, sweep};
pub use finished::check_step_count;
pub use merge::{Merged, merge};
pub use own_tables::check_own;
pub use read_back::load;
pub use shard::Shard;
