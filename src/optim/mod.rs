//! Update rules, learning-rate schedules, clipping and each rule's stability limit; all pure.
//! Knows nothing of networks, data or how a gradient came about.

pub mod clip;
pub mod rate;
mod rules;
mod schedule;
mod stability;

pub use rules::Optimizer;
pub use schedule::learning_rate;
pub use stability::{Metric, Stability, stability};
