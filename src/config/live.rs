//! The settings that may change while a run goes on.
//! Always sent whole, so that the last value wins; does not know how they act.

use serde::{Deserialize, Serialize};

use super::choices::{Interval, Rule, words};

/// Everything that may change mid-run without a new trajectory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LiveSettings {
    /// Peak learning rate η: what warmup rises to and the schedule starts from.
    pub peak_lr: f64,
    /// Momentum β (β₁ of Adam) in [0, 1); read by the rules that have it.
    pub momentum: f64,
    /// Decay β₂ in [0, 1) of the mean squared gradient; read by adaptive rules.
    pub beta2: f64,
    /// Summand ε of the preconditioner; read by adaptive rules.
    pub epsilon: f64,
    /// Whether the preconditioner, or the torque, stays as it is.
    pub freeze: bool,
    /// Radius ρ of SAM's ascent.
    pub radius: f64,
    /// Weight decay μ.
    pub weight_decay: f64,
    /// How weight decay acts; of `adamw` it is always decoupled.
    pub decay: Decay,
    /// How fast the window lets the run go; never changes a sample.
    pub pace: Pace,
    /// How often test loss and accuracies are measured.
    pub eval_every: Interval,
    /// What the learning rate does after warmup.
    pub schedule: Schedule,
    /// How the learning rate rises at first.
    pub warmup: Warmup,
    /// Clipping of the gradient by its global norm.
    pub clip: Clip,
    /// When and how the curvature is measured.
    pub probe: ProbeSettings,
}

/// Steps a second at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pace {
    /// One.
    #[serde(rename = "1")]
    One,
    /// Ten.
    #[serde(rename = "10")]
    Ten,
    /// Thirty.
    #[serde(rename = "30")]
    Thirty,
    /// A hundred.
    #[serde(rename = "100")]
    Hundred,
    /// As fast as the machine can.
    #[serde(rename = "unlimited")]
    Unlimited,
}
words!(Pace {
    One => "1", Ten => "10", Thirty => "30", Hundred => "100", Unlimited => "unlimited",
});

impl Pace {
    /// Steps a second, `None` for unlimited.
    #[must_use]
    pub const fn steps_per_second(self) -> Option<f64> {
        match self {
            Self::One => Some(1.0),
            Self::Ten => Some(10.0),
            Self::Thirty => Some(30.0),
            Self::Hundred => Some(100.0),
            Self::Unlimited => None,
        }
    }
}

/// How weight decay acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decay {
    /// g ← g + μw before the rule.
    Coupled,
    /// w ← w − ημw beside the rule (arXiv 1711.05101).
    Decoupled,
}
words!(Decay { Coupled => "coupled", Decoupled => "decoupled" });

impl LiveSettings {
    /// How weight decay acts under a rule.
    #[must_use]
    pub const fn decay_of(&self, rule: Rule) -> Decay {
        if matches!(rule, Rule::Adamw) { Decay::Decoupled } else { self.decay }
    }
}

/// Shape of the learning rate after warmup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScheduleShape {
    /// Stays at the peak.
    Constant,
    /// Falls in a straight line to `factor` × peak over `steps`.
    Linear,
    /// Falls along a half cosine to `factor` × peak over `steps`.
    Cosine,
    /// Is multiplied by `factor` every `steps`.
    Step,
}
words!(ScheduleShape {
    Constant => "constant", Linear => "linear", Cosine => "cosine", Step => "step",
});

/// What the learning rate does after warmup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// The shape.
    pub shape: ScheduleShape,
    /// Length of the decay, or of one stair, in steps; at least 1.
    pub steps: u64,
    /// Final fraction of the peak, or the ratio of one stair to the last.
    pub factor: f64,
}

/// Learning-rate warmup: `η_t = η_init + (η_peak − η_init)·min(1, (t − start + 1)/T)^p`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Warmup {
    /// Step at which it begins.
    pub start: u64,
    /// Length T in steps; 0 is none.
    pub steps: u64,
    /// Rate `η_init` it rises from.
    pub initial_lr: f64,
    /// Power p of the rise; 1 is linear.
    pub power: f64,
}

/// What `Clip::value` is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClipMode {
    /// No clipping.
    Off,
    /// The largest gradient norm c itself.
    Absolute,
    /// A multiple of the first gradient's norm ‖g₀‖.
    Relative,
}
words!(ClipMode { Off => "off", Absolute => "absolute", Relative => "relative" });

/// Clipping by global norm: g ← g·min(1, c/‖g‖).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clip {
    /// Unit of `value`.
    pub mode: ClipMode,
    /// The level, in that unit; above 0.
    pub value: f64,
}

/// When and how the curvature is measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProbeSettings {
    /// Steps between measurements of the top eigenvalues.
    pub every: Interval,
    /// How many of the largest eigenvalues are followed, 1 to 6.
    pub top_k: usize,
    /// Steps between measurements of the smallest eigenvalue.
    pub min_every: Interval,
    /// Steps between cold solves that check the warm ones.
    pub audit_every: Interval,
    /// Residual ‖Hu − λu‖/|λ| at which a value counts as converged.
    pub tolerance: f64,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            peak_lr: 0.1,
            momentum: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            freeze: false,
            radius: 0.05,
            weight_decay: 0.0,
            decay: Decay::Coupled,
            pace: Pace::Unlimited,
            eval_every: Interval::every(10),
            schedule: Schedule::default(),
            warmup: Warmup::default(),
            clip: Clip::default(),
            probe: ProbeSettings::default(),
        }
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self { shape: ScheduleShape::Constant, steps: 1000, factor: 0.1 }
    }
}

impl Default for Warmup {
    fn default() -> Self {
        Self { start: 0, steps: 0, initial_lr: 0.0, power: 1.0 }
    }
}

impl Default for Clip {
    fn default() -> Self {
        Self { mode: ClipMode::Off, value: 1.0 }
    }
}

impl Default for ProbeSettings {
    fn default() -> Self {
        Self {
            every: Interval::every(1),
            top_k: 2,
            min_every: Interval::every(50),
            audit_every: Interval::every(200),
            tolerance: 0.01,
        }
    }
}
