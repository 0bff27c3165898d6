//! `RunConfig`: everything that determines a run, and the settings outside any group.

use serde::{Deserialize, Serialize};

use super::super::change::DatedChange;
use super::super::choices::{Dtype, Loss};
use super::data_task::TaskSpec;
use super::declaration::{Effect, Range, Section, SliderRange, log_whole, whole};
use super::group::{any_of, settings};
use super::init::InitSpec;
use super::live::LiveSettings;
use super::model::ModelSpec;
use super::optimizer::OptimizerSpec;
use crate::text;

/// Everything that determines a run: the same value gives the same samples, bit for bit.
///
/// ```
/// use eoscope::config::{ConfigError, RunConfig, preset, settings};
///
/// let mut config = preset("fashion-edge")?.config.clone();
/// config.set("live.peak_lr", &0.05.into())?;
/// assert_eq!(settings::PEAK_LR.get(&config).as_float(), Some(0.05));
/// // TOML text parses back to the same configuration; a value out of range is refused by key.
/// assert_eq!(RunConfig::from_toml(&config.to_toml())?, config);
/// let refused = config.set("live.peak_lr", &(-1.0).into());
/// assert!(refused.unwrap_err().to_string().contains("live.peak_lr"));
/// # Ok::<(), ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunConfig {
    /// The preset this started from, or a name given by the user.
    pub name: String,
    /// Seed of every random draw (counter-based: draw = rng(seed, purpose, index)).
    pub seed: u64,
    /// Number of optimizer steps of the run.
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
    /// The settings that may change during the run.
    pub live: LiveSettings,
    /// Changes of live settings that are part of the run, in order of step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<DatedChange>,
}

settings! {
    OF_RUN at () {
        /// What this run is called in legends and files.
        name => NAME, elsewhere(Effect::Cosmetic, "Name", Range::Text);
        /// Fixes the initial weights, the data order and generated data.
        seed => SEED, restart(Section::Run, "Seed", whole(0, 999_999_999)).slider_range(SliderRange::None)
                .brief(|config| Some(format!("seed {}", config.seed)));
        /// The run ends after this many optimizer steps.
        n_steps => N_STEPS,
            restart(Section::Run, "Steps", log_whole(1, 1_000_000_000)).unit("steps")
                .brief(|config| Some(text::plural(config.n_steps, "step")))
                .slider_range(SliderRange::Fixed([100.0, 100_000.0]));
        /// mse is ½·Σ(f − y)² averaged over examples; cross-entropy is averaged over examples.
        loss => LOSS, restart(Section::Loss, "Loss", any_of!(Loss))
                .brief(|config| Some(config.loss.to_string()));
        /// f64 for small networks and tight tolerances, f32 otherwise.
        dtype => DTYPE, restart(Section::Precision, "Precision", any_of!(Dtype));
    }
}
