//! The `Preset` type, and the base configurations that the presets vary.

use crate::config::{
    Activation, Batch, BuiltinTask, Dtype, InitScheme, InitSpec, Interval, LiveSettings, Loss,
    ModelSpec, OptimizerSpec, Pace, ProbeSettings, Rule, RunConfig, TaskSpec,
};

/// A named configuration and what its run shows.
#[derive(Clone, Debug)]
pub struct Preset {
    /// The configuration; `config.name` is the preset's name.
    pub config: RunConfig,
    /// One sentence: what the run shows.
    pub sees: &'static str,
}

impl RunConfig {
    /// Makes a preset of this configuration.
    pub(super) fn sees(self, sees: &'static str) -> Preset {
        Preset { config: self, sees }
    }
}

impl Default for RunConfig {
    fn default() -> Self {
        fashion_edge()
    }
}

/// The default preset.
pub(super) fn fashion_edge() -> RunConfig {
    RunConfig {
        name: "fashion-edge".into(),
        seed: 1,
        n_steps: 4000,
        loss: Loss::Mse,
        dtype: Dtype::F32,
        task: TaskSpec::default(),
        model: ModelSpec::default(),
        init: InitSpec::default(),
        optimizer: OptimizerSpec::default(),
        live: LiveSettings {
            peak_lr: 0.1,
            pace: Pace::Thirty,
            // An odd interval samples both phases of a period-2 oscillation, at a third of the
            // cost.
            probe: ProbeSettings { every: Interval::every(3), ..ProbeSettings::default() },
            ..LiveSettings::default()
        },
        changes: Vec::new(),
    }
}

/// The T6 network, which fits the Chebyshev polynomial T₆: tanh 1-30-20-1, weights N(0, 1/fan-in),
/// zero bias, 20 points.
pub(super) fn chebyshev(peak_lr: f64, n_steps: u64, name: &str) -> RunConfig {
    RunConfig {
        name: name.into(),
        seed: 5,
        n_steps,
        dtype: Dtype::F64,
        task: TaskSpec {
            name: BuiltinTask::Chebyshev.into(),
            n_train: 20,
            degree: 6,
            ..TaskSpec::default()
        },
        model: ModelSpec {
            hidden: vec![30, 20],
            activation: Activation::Tanh,
            bias: true,
            ..ModelSpec::default()
        },
        init: InitSpec { scheme: InitScheme::LecunNormal, ..InitSpec::default() },
        live: LiveSettings {
            peak_lr,
            pace: Pace::Hundred,
            eval_every: Interval::Off,
            probe: ProbeSettings { top_k: 3, tolerance: 1e-4, ..ProbeSettings::default() },
            ..LiveSettings::default()
        },
        ..fashion_edge()
    }
}

/// The start of family A, which blows up: tanh 784-32-32-32-10, `PyTorch` initialization × 3, η =
/// 0.2.
pub(super) fn blowup() -> RunConfig {
    RunConfig {
        name: "blowup".into(),
        n_steps: 2000,
        model: ModelSpec {
            hidden: vec![32, 32, 32],
            activation: Activation::Tanh,
            bias: true,
            ..ModelSpec::default()
        },
        init: InitSpec { scheme: InitScheme::Pytorch, scale: 3.0, ..InitSpec::default() },
        optimizer: OptimizerSpec::of(Rule::GradientDescent, Batch::Full),
        live: LiveSettings { peak_lr: 0.2, pace: Pace::Thirty, ..LiveSettings::default() },
        ..fashion_edge()
    }
}
