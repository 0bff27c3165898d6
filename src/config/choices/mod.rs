//! The closed sets of choices a configuration is made of, with their TOML words.
//! Does not know what a choice computes.

mod counts;
mod enums;
mod rules;
mod word_enum;

pub use counts::{Batch, Interval};
pub use enums::{Activation, Decay, Dtype, InitScheme, Loss};
pub(crate) use rules::each_rule;
pub use rules::{Metric, Rule, RuleSetting, StepLength};
pub(in crate::config) use word_enum::word_enum;
