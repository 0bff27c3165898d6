//! What a run is: every setting, its TOML form, its range and the presets.
//! Knows what a task is but none of its examples; nothing of networks, threads or windows.

mod architectures;
mod change;
mod choices;
mod command_line;
mod dated_changes;
mod document;
mod error;
mod fitting;
mod names;
mod notices;
mod presets;
pub mod settings;
mod tasks;
mod unread;
mod validate;

pub use architectures::{Architecture, N_GROUPS, Normalization, Placement, PoolKind, ResidualForm};
pub use change::{Change, DatedChange};
pub(crate) use choices::each_rule;
pub use choices::{
    Activation, Batch, Decay, Dtype, InitScheme, Interval, Loss, Metric, Rule, RuleSetting,
    StepLength,
};
#[cfg(test)]
pub(crate) use dated_changes::rate_from;
pub use document::{flattened, parse_assignment, plain, toml_table};
pub use error::ConfigError;
pub use names::check_preset_name;
pub use presets::{Preset, PresetGroup, preset, preset_groups, presets};
pub use settings::{
    Clip, ClipMode, Effect, GradInitForm, GradInitSpec, InitSpec, LiveSettings, MAX_FACTORS,
    MetaInitSpec, ModelSpec, OptimizerSpec, Pace, ProbeSettings, Range, Rate, RateRule, RunConfig,
    Schedule, ScheduleShape, Section, Setting, TaskSpec, Tuning, Warmup,
};
pub use unread::Unread;

// What a task is: rooms above read it here, and leave its examples to the trainer.
pub use crate::data::{Answer, BuiltinTask, InputShape, Parameter, TaskInfo, TaskSource};
