//! One run, step by step: measure at `w_t`, then move to `w_{t+1}`.
//! No thread, channel, clock or file: whoever drives it brings those.

mod batches;
mod clip;
mod error;
mod facts;
mod measure;
mod prepare;
mod rate;
#[cfg(test)]
mod running_statistics;
mod search;
mod snapshot;
mod step;
mod trainer;
mod trials;
mod weights;

pub use error::TrainError;
pub use measure::Hooks;
pub use prepare::Prepared;
pub use snapshot::Snapshot;
pub use trainer::{Outcome, Trainer};
pub use trials::{HELD_STEPS, TrialRunner};
