//! Presets that start too sharp for their learning rate, and the remedies: warmup, clipping, a
//! smaller initialization.

use super::base::{Preset, blowup, chebyshev};
use crate::config::{
    Activation, BuiltinTask, Clip, ClipMode, InitScheme, InitSpec, LiveSettings, ModelSpec, Pace,
    RunConfig, TaskSpec,
};

/// The two-layer linear network on one point, whose catapult is a map of two numbers (arXiv
/// 2003.02218, here with n = 1): with f = v·u, u and v the two layers, and λ = ‖u‖² + ‖v‖² the
/// tangent kernel, gradient descent on f²/2 is exactly f′ = f(1 − ηλ + η²f²), λ′ = λ + ηf²(ηλ − 4).
///
/// The plot shows the Hessian's λ₁ = λ/2 + √(λ²/4 + 3f²), which is λ where f = 0 and larger
/// elsewhere.
pub(super) fn catapult_model() -> Preset {
    Preset {
        config: RunConfig {
            name: "catapult-model".into(),
            seed: 1,
            n_steps: 40,
            task: TaskSpec { name: BuiltinTask::Point.into(), n_train: 1, ..TaskSpec::default() },
            model: ModelSpec {
                hidden: vec![32],
                activation: Activation::Linear,
                bias: false,
                ..ModelSpec::default()
            },
            init: InitSpec { scheme: InitScheme::XavierNormal, ..InitSpec::default() },
            live: LiveSettings { pace: Pace::Ten, ..chebyshev(0.7, 40, "").live },
            ..chebyshev(0.7, 40, "")
        },
        sees: "A linear network on one point starts between 2/η and 4/η: the loss rises twentyfold until λ₁ has come below 2/η, and converges.",
    }
}

/// Family A: a start too sharp for its rate, and the settings that each save it.
pub(super) fn family_a() -> Vec<Preset> {
    let named = |name: &str, sees: &'static str, change: fn(&mut RunConfig)| {
        let mut config = RunConfig { name: name.into(), ..blowup() };
        change(&mut config);
        Preset { config, sees }
    };
    vec![
        named(
            "catapult",
            "λ₁ starts 3.6 times above 2/η: the loss jumps above its start, λ₁ collapses to the line, and training goes on.",
            |config| {
                config.init.scale = 1.5;
                // With this seed the loss jumps above its first value; with many others it stays
                // below.
                config.seed = 4;
            },
        ),
        named(
            "blowup",
            "With initial weights three times too large, λ₁ starts some twenty times above 2/η and the loss blows up within 40 steps.",
            |_| {},
        ),
        named(
            "blowup-warmup",
            "The same start survives with 256 steps of warmup: λ₁ rides down along the falling line 2/η(t).",
            |config| config.live.warmup.steps = 256,
        ),
        named(
            "blowup-clip",
            "The same start survives under clipping: η_eff starts tiny and grows to η by itself, like a warmup.",
            |config| config.live.clip = Clip::at(ClipMode::Absolute, 1.0),
        ),
        named(
            "blowup-small-init",
            "At a third of the scale λ₁ starts below the line: the same rate is stable from the first step.",
            |config| config.init.scale = 1.0,
        ),
    ]
}
