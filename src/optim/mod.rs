//! Update rules, learning-rate schedules, clipping and each rule's stability limit. Independent of
//! networks, data and how a gradient was computed.

pub mod gradient_clipping;
mod limit;
mod moments;
mod optimizer;
pub mod rate;
mod rule;
mod rules;
mod schedule;
mod stability;

pub use limit::Conditions;
pub use optimizer::{Optimizer, Proposal};
pub use schedule::learning_rate;
pub use stability::{Stability, stability};
