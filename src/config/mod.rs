//! A run's configuration: every setting with its range, its TOML form, and the presets. Describes
//! tasks without loading their examples, and uses no network, thread or window.

mod architectures;
mod change;
mod choices;
mod command_line;
mod dated_changes;
mod document;
mod error;
mod fitting;
mod layer_numbers;
mod notices;
mod preset_name;
mod presets;
pub mod settings;
mod tasks;
mod toml_text;
mod unread;
mod validate;

pub use architectures::{Architecture, N_GROUPS, Normalization, Placement, PoolKind, ResidualForm};
pub use change::{Change, DatedChange};
pub(crate) use choices::each_rule;
pub use choices::{
    Activation, Batch, Decay, Dtype, InitScheme, Interval, Loss, Metric, ProbeMethod, Rule,
    RuleSetting, StepLength,
};
#[cfg(test)]
pub(crate) use dated_changes::rate_from;
pub use error::ConfigError;
pub use preset_name::check_preset_name;
pub use presets::{Preset, PresetGroup, preset, preset_groups, presets, unknown_preset};
pub use settings::{
    Arrangement, Choice, Clip, ClipMode, Effect, GradInitForm, GradInitSpec, InitSpec,
    LiveSettings, MAX_FACTORS, MetaInitSpec, ModelSpec, OptimizerSpec, Pace, ProbeSettings, Range,
    Rate, RateRule, RunConfig, Schedule, ScheduleShape, Section, Setting, TaskSpec, Tuning, Warmup,
};
pub use tasks::with_paths_from;
pub use toml_text::{flattened, parse_assignment, plain, toml_table};
pub use unread::Unread;

// Task descriptions, re-exported for the rooms that may not use `data`; only the trainer and
// studies load examples.
pub use crate::data::{
    Answer, BuiltinTask, FileFormat, InputShape, Parameter, TaskInfo, TaskSource, file_formats,
};
