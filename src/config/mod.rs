//! What a run is: every setting, its TOML form, its range and the presets.
//! Knows nothing of data, networks, threads or windows.

mod catalogue;
mod choices;
mod command;
mod dated;
mod document;
mod error;
mod fitting;
mod init;
mod live;
mod model;
mod names;
mod notices;
mod presets;
mod rate;
mod settings;
mod tasks;
mod unread;

pub use catalogue::TASKS;
pub use choices::{Activation, Batch, Dtype, InitScheme, Interval, Loss, Rule};
pub use dated::PACE;
#[cfg(test)]
pub(crate) use dated::rate_from;
pub use document::{Change, DatedChange, leaves_of, parse_assignment, plain, toml_table};
pub use error::ConfigError;
pub use init::{GradInitForm, GradInitSpec, InitSpec, MetaInitSpec, Tuning};
pub use live::{
    Clip, ClipMode, Decay, LiveSettings, Pace, ProbeSettings, Schedule, ScheduleShape, Warmup,
};
pub use model::{
    Architecture, ModelSpec, N_GROUPS, Normalization, Placement, PoolKind, ResidualForm,
};
pub use names::check_name;
pub use presets::{Preset, PresetGroup, preset, preset_groups, presets};
pub use rate::{Rate, RateRule};
pub use settings::{Effect, MAX_FACTORS, Range, SETTINGS, Setting, setting};
pub use tasks::{Answer, InputShape, TaskInfo, TaskName};

use serde::{Deserialize, Serialize};

/// Everything that determines a run: the same value gives the same samples, bit for bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunConfig {
    /// The preset this started from, or the person's own name for it.
    pub name: String,
    /// Seed of every random draw (counter-based: draw = rng(seed, purpose, index)).
    pub seed: u64,
    /// Number of optimizer steps after which the run ends by itself.
    pub n_steps: u64,
    /// Loss function, in the conventions of the crate documentation.
    pub loss: Loss,
    /// Floating point type of parameters and activations.
    pub dtype: Dtype,
    /// Data set and its size.
    pub task: TaskSpec,
    /// Network.
    pub model: ModelSpec,
    /// Weight initialization.
    pub init: InitSpec,
    /// Update rule and batch.
    pub optimizer: OptimizerSpec,
    /// What may change while the run goes on.
    pub live: LiveSettings,
    /// Changes of live settings that are part of the run, in order of step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<DatedChange>,
}

/// Which data set, and how much of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskSpec {
    /// The data set.
    pub name: TaskName,
    /// Number of training examples (the first n); test sets are used whole.
    pub n_train: usize,
    /// Number of them on which the curvature is measured (the first n): a smaller probe set makes
    /// measurements cheaper. `full` is all of them, in mini-batch runs at most 2,000.
    pub n_probe: Batch,
    /// Degree k of the Chebyshev polynomial `T_k` (Chebyshev task only).
    pub degree: u32,
    /// Scale `a` of the cluster centres (clusters task only).
    pub separation: f64,
    /// Symbols of a string (sorting task only).
    pub length: usize,
    /// Symbols of the alphabet (sorting task only).
    pub symbols: usize,
}

/// The update rule and how many examples a step sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OptimizerSpec {
    /// The update rule.
    pub rule: Rule,
    /// Examples a step.
    pub batch: Batch,
}

impl Default for TaskSpec {
    fn default() -> Self {
        Self {
            name: TaskName::Fashion,
            n_train: 1000,
            n_probe: Batch::Full,
            degree: 6,
            separation: 1.0,
            length: 8,
            symbols: 4,
        }
    }
}

impl Default for OptimizerSpec {
    fn default() -> Self {
        Self { rule: Rule::GradientDescent, batch: Batch::Full }
    }
}
