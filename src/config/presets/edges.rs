//! Presets of gradient descent: calm runs, and runs that reach the edge of stability.

use super::base::{Preset, chebyshev, fashion_edge};
use crate::config::{
    Activation, BuiltinTask, Dtype, LiveSettings, ModelSpec, Pace, RunConfig, TaskSpec,
};

/// Pairs of a run at the edge and a calm one, then further edges.
pub(super) fn edges() -> Vec<Preset> {
    vec![
        Preset {
            config: fashion_edge(),
            sees: "λ₁ climbs to 2/η within a few hundred steps and stays there: the loss goes up on many steps, and down over the long run.",
        },
        Preset {
            config: RunConfig {
                name: "fashion-calm".into(),
                live: LiveSettings { peak_lr: 0.02, ..fashion_edge().live },
                ..fashion_edge()
            },
            sees: "At a fifth of the rate the line is five times higher: λ₁ rises slowly and the loss never goes up.",
        },
        Preset {
            config: chebyshev(0.2, 4000, "chebyshev-edge"),
            sees: "A 701-parameter network reaches 2/η, then hovers there, first with one and later with two eigenvalues.",
        },
        Preset {
            config: chebyshev(0.03, 10_000, "chebyshev-calm"),
            sees: "λ₁ grows slowly and stays below half of 2/η; no step raises the loss.",
        },
        Preset {
            config: digits_edge(),
            sees: "On handwritten digits λ₁ climbs to 2/η and hovers.",
        },
        Preset {
            config: spirals_edge(),
            sees: "Two spirals: a long calm climb of λ₁, then the edge.",
        },
    ]
}

fn digits_edge() -> RunConfig {
    RunConfig {
        name: "digits-edge".into(),
        task: TaskSpec { name: BuiltinTask::Digits.into(), n_train: 1500, ..TaskSpec::default() },
        live: LiveSettings { peak_lr: 0.13, pace: Pace::Hundred, ..LiveSettings::default() },
        ..fashion_edge()
    }
}

fn spirals_edge() -> RunConfig {
    RunConfig {
        name: "spirals-edge".into(),
        dtype: Dtype::F64,
        task: TaskSpec { name: BuiltinTask::Spirals.into(), n_train: 400, ..TaskSpec::default() },
        model: ModelSpec {
            hidden: vec![40, 40],
            activation: Activation::Tanh,
            bias: true,
            ..ModelSpec::default()
        },
        live: LiveSettings { peak_lr: 0.1, pace: Pace::Hundred, ..LiveSettings::default() },
        ..fashion_edge()
    }
}
