//! Update rules, learning-rate schedules, clipping and each rule's stability limit; all pure.
//! Knows nothing of networks, data or how a gradient came about.

pub mod clip;
mod moments;
pub mod rate;
mod rules;
mod schedule;
mod stability;

pub use rules::{Optimizer, Proposal, ascent};
pub use schedule::learning_rate;
pub use stability::{Conditions, Metric, Stability, stability};
