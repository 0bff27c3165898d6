//! The closed sets of choices a configuration is made of, with their TOML words.
//! Does not know what a choice computes.

mod counts;
mod rules;
mod sets;
mod words;

pub use counts::{Batch, Interval};
pub(crate) use rules::each_rule;
pub use rules::{Constant, Metric, Rule, StepLength};
pub use sets::{Activation, Decay, Dtype, InitScheme, Loss};
pub(in crate::config) use words::words;
