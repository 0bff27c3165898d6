//! The presets: named configurations, each with what must be seen.
//! Claims are tested in `tests/`; this file only states them.

use std::sync::LazyLock;

use super::optimizers::optimizers;
use super::other_edges::other_edges;
use super::step_sizes::step_sizes;
use super::{
    Activation, Batch, Clip, ClipMode, ConfigError, Dtype, InitScheme, InitSpec, Interval,
    LiveSettings, Loss, ModelSpec, OptimizerSpec, Pace, ProbeSettings, Rule, RunConfig, TaskName,
    TaskSpec,
};
use super::{networks, starts};
use crate::text;

/// A named configuration and what a person should see in it.
#[derive(Clone, Debug)]
pub struct Preset {
    /// The configuration; `config.name` is the preset's name.
    pub config: RunConfig,
    /// One sentence: what must be seen.
    pub sees: &'static str,
}

/// Presets about one subject.
#[derive(Clone, Copy, Debug)]
pub struct PresetGroup {
    /// The subject.
    pub title: &'static str,
    /// Its presets.
    pub presets: &'static [Preset],
}

/// All presets, in the order shown to a person.
#[must_use]
pub fn presets() -> &'static [Preset] {
    &known().presets
}

/// All presets by subject, in the same order.
#[must_use]
pub fn preset_groups() -> Vec<PresetGroup> {
    let Known { presets: all, lengths } = known();
    let mut rest = all.as_slice();
    let next = |(title, n): &(&'static str, usize)| {
        let (presets, after) = rest.split_at(*n);
        rest = after;
        PresetGroup { title, presets }
    };
    lengths.iter().map(next).collect()
}

struct Known {
    presets: Vec<Preset>,
    /// Each subject, and how many presets in a row belong to it.
    lengths: Vec<(&'static str, usize)>,
}

fn known() -> &'static Known {
    static ALL: LazyLock<Known> = LazyLock::new(|| {
        let groups = [
            ("Edge of stability", edges()),
            ("Optimizers", [other_edges(), optimizers()].concat()),
            ("Rates and clipping", step_sizes()),
            ("Tasks and networks", [networks::tasks(), networks::architectures()].concat()),
            (
                "Too steep a start, and what saves it",
                [vec![catapult_model()], family_a(), starts::starts(), networks::normalizations()]
                    .concat(),
            ),
        ];
        let lengths = groups.iter().map(|(title, group)| (*title, group.len())).collect();
        Known { presets: groups.into_iter().flat_map(|(_, group)| group).collect(), lengths }
    });
    &ALL
}

/// Calm runs and runs that reach the edge of stability by themselves.
fn edges() -> Vec<Preset> {
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

/// The two-layer linear network on one point in which the catapult is a map of two numbers
/// (arXiv 2003.02218, here with n = 1): with f = v·u, u and v the two layers, and λ = ‖u‖² + ‖v‖²
/// the tangent kernel, gradient descent on f²/2 is exactly
/// f′ = f(1 − ηλ + η²f²), λ′ = λ + ηf²(ηλ − 4).
///
/// What is plotted is the Hessian's λ₁ = λ/2 + √(λ²/4 + 3f²): λ where f = 0, and more elsewhere.
fn catapult_model() -> Preset {
    Preset {
        config: RunConfig {
            name: "catapult-model".into(),
            seed: 1,
            n_steps: 40,
            task: TaskSpec { name: TaskName::Point, n_train: 1, ..TaskSpec::default() },
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

/// A start that is too steep for its rate, and what saves it, one setting at a time.
fn family_a() -> Vec<Preset> {
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
                // A seed on which the jump rises above the first loss; on many it stays below.
                config.seed = 4;
            },
        ),
        named(
            "blowup",
            "Started three times too large, λ₁ is some twenty times above 2/η and the loss blows up within 40 steps.",
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
            |config| config.live.clip = Clip { mode: ClipMode::Absolute, value: 1.0 },
        ),
        named(
            "blowup-small-init",
            "A third of the scale starts below the line: the same rate is stable from the first step.",
            |config| config.init.scale = 1.0,
        ),
    ]
}

/// The preset of this name.
///
/// # Errors
/// [`ConfigError::UnknownPreset`] with the known name that may have been meant.
pub fn preset(name: &str) -> Result<&'static Preset, ConfigError> {
    presets().iter().find(|preset| preset.config.name == name).ok_or_else(|| {
        let names = presets().iter().map(|preset| preset.config.name.as_str());
        ConfigError::UnknownPreset { name: name.to_owned(), hint: text::hint(name, names) }
    })
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
            // An odd interval meets both phases of a period-2 oscillation, at a third of the cost.
            probe: ProbeSettings { every: Interval::every(3), ..ProbeSettings::default() },
            ..LiveSettings::default()
        },
        changes: Vec::new(),
    }
}

/// The T6 net: tanh 1-30-20-1, weights N(0, 1/fan-in), zero bias, 20 points.
pub(super) fn chebyshev(peak_lr: f64, n_steps: u64, name: &str) -> RunConfig {
    RunConfig {
        name: name.into(),
        seed: 5,
        n_steps,
        dtype: Dtype::F64,
        task: TaskSpec { name: TaskName::Chebyshev, n_train: 20, degree: 6, ..TaskSpec::default() },
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

fn digits_edge() -> RunConfig {
    RunConfig {
        name: "digits-edge".into(),
        task: TaskSpec { name: TaskName::Digits, n_train: 1500, ..TaskSpec::default() },
        live: LiveSettings { peak_lr: 0.13, pace: Pace::Hundred, ..LiveSettings::default() },
        ..fashion_edge()
    }
}

fn spirals_edge() -> RunConfig {
    RunConfig {
        name: "spirals-edge".into(),
        dtype: Dtype::F64,
        task: TaskSpec { name: TaskName::Spirals, n_train: 400, ..TaskSpec::default() },
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

/// Family A: tanh 784-32-32-32-10, `PyTorch` initialization × 3, η = 0.2.
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
        optimizer: OptimizerSpec { rule: Rule::GradientDescent, batch: Batch::Full },
        live: LiveSettings { peak_lr: 0.2, pace: Pace::Thirty, ..LiveSettings::default() },
        ..fashion_edge()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_valid_and_named_once() {
        let mut names = Vec::new();
        for preset in presets() {
            preset.config.validate().unwrap();
            assert!(!names.contains(&&preset.config.name));
            names.push(&preset.config.name);
        }
    }

    #[test]
    fn the_siblings_of_blowup_differ_from_it_in_one_setting() {
        for (name, count) in [("blowup-warmup", 1), ("blowup-clip", 1), ("blowup-small-init", 1)] {
            let changes = blowup().changes_to(&preset(name).unwrap().config);
            let told = changes.iter().filter(|change| change.key != "name").count();
            assert_eq!(told, count, "{name}: {changes:?}");
        }
    }

    #[test]
    fn a_misspelt_preset_is_answered_with_the_nearest() {
        let error = preset("fashion-egde").unwrap_err().to_string();
        assert!(error.contains("; did you mean `fashion-edge`?"), "{error}");
        let error = preset("nosuch").unwrap_err().to_string();
        assert!(!error.contains("did you mean") && error.contains("`nosuch`"), "{error}");
    }
}
