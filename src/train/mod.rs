//! Trains one run, step by step: measures at `w_t`, then moves to `w_{t+1}`.
//! Uses no thread, channel, clock or file; callers provide those through [`Hooks`].

mod clip_step;
mod error;
mod example_sets;
mod facts;
mod measure;
mod named_weights;
mod prepare;
mod rate_of_step;
mod search;
mod snapshot;
mod step;
mod trainer;
mod trial_runner;

pub use error::TrainError;
pub use measure::Hooks;
pub use prepare::Prepared;
pub use snapshot::Snapshot;
pub use trainer::{Outcome, Trainer};
pub use trial_runner::{HELD_STEPS, TrialRunner};
