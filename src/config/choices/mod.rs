//! The enumerations of a configuration, with their TOML words.

mod counts;
mod enums;
mod rules;
mod word_enum;

pub use counts::{Batch, Interval};
pub use enums::{Activation, Decay, Dtype, InitScheme, Loss, ProbeMethod};
pub(crate) use rules::each_rule;
pub use rules::{Metric, Rule, RuleSetting, StepLength};
pub(in crate::config) use word_enum::word_enum;
