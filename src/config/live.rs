//! The settings that may change while a run goes on.
//! Always sent whole, so that the last value wins; does not know how they act.

use serde::{Deserialize, Serialize};

use super::choices::{Interval, Rule, words};
use super::rate::Rate;

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
    /// How often loss and accuracy on the test set are measured.
    pub eval_every: Interval,
    /// What decides the learning rate.
    pub rate: Rate,
    /// What the learning rate does after warmup.
    pub schedule: Schedule,
    /// How the learning rate rises at first.
    pub warmup: Warmup,
    /// Clipping of the gradient.
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
    /// Peak × √(s/(s + t)) with s = `steps`.
    InverseSqrt,
    /// Peak × (1 + t)^−b with b = `exponent` (arXiv 2202.04509).
    Power,
    /// Between the peak and `factor` × peak and back in straight lines, once every `steps` (arXiv
    /// 1506.01186).
    Cyclic,
    /// Warmup and then a half cosine of `steps`, again and again (arXiv 1608.03983).
    Restarts,
}
words!(ScheduleShape {
    Constant => "constant", Linear => "linear", Cosine => "cosine", Step => "step",
    InverseSqrt => "inverse-sqrt", Power => "power", Cyclic => "cyclic", Restarts => "restarts",
});

impl ScheduleShape {
    /// Whether the shape reads `live.schedule.steps`.
    #[must_use]
    pub const fn has_steps(self) -> bool {
        !matches!(self, Self::Constant | Self::Power)
    }

    /// Whether the shape reads `live.schedule.factor`.
    #[must_use]
    pub const fn has_factor(self) -> bool {
        !matches!(self, Self::Constant | Self::InverseSqrt | Self::Power)
    }

    /// Whether the shape reads `live.schedule.exponent`.
    #[must_use]
    pub const fn has_exponent(self) -> bool {
        matches!(self, Self::Power)
    }
}

/// What the learning rate does after warmup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// The shape.
    pub shape: ScheduleShape,
    /// Length of the decay, of one stair or of one cycle, in steps; at least 1.
    pub steps: u64,
    /// Final or lowest fraction of the peak, or the ratio of one stair to the last.
    pub factor: f64,
    /// Exponent b of the power law.
    pub exponent: f64,
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

/// What is clipped, and what `Clip::value` is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClipMode {
    /// No clipping.
    Off,
    /// The global norm, at the largest gradient norm c itself: g ← g·min(1, c/‖g‖).
    Absolute,
    /// The same at a multiple of the first gradient's norm ‖g₀‖.
    Relative,
    /// Each coordinate, at ±c.
    Value,
    /// Each unit's norm, at c times the norm of its weights (arXiv 2102.06171).
    Adaptive,
}
words!(ClipMode {
    Off => "off", Absolute => "absolute", Relative => "relative", Value => "value",
    Adaptive => "adaptive",
});

impl ClipMode {
    /// Whether the global norm is what is compared with the level.
    #[must_use]
    pub const fn is_of_norm(self) -> bool {
        matches!(self, Self::Absolute | Self::Relative)
    }

    /// A level to begin with, in the units of this mode.
    #[must_use]
    pub const fn usual_level(self) -> f64 {
        match self {
            Self::Off | Self::Absolute | Self::Relative => 1.0,
            Self::Value | Self::Adaptive => 0.01,
        }
    }
}

/// Clipping of the gradient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clip {
    /// What is clipped, and the unit of `value`.
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
    /// Steps between audits, cold solves that check what is followed, each at the next measurement.
    pub audit_every: Interval,
    /// Steps between measurements on fresh batches; of mini-batch runs alone.
    pub batches_every: Interval,
    /// How many batches such a measurement draws, 2 to 1000.
    pub n_batches: u32,
    /// Estimated relative error at which a value counts as converged.
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
            rate: Rate::default(),
            schedule: Schedule::default(),
            warmup: Warmup::default(),
            clip: Clip::default(),
            probe: ProbeSettings::default(),
        }
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self { shape: ScheduleShape::Constant, steps: 1000, factor: 0.1, exponent: 0.5 }
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
            batches_every: Interval::Off,
            n_batches: 16,
            tolerance: 1e-3,
        }
    }
}
