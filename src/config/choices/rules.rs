//! The update rules, one row each: its word, which settings it reads, what it keeps, and what is to
//! be known of its stability limit. Does not compute an update: `optim/rules/` does.

use serde::{Deserialize, Serialize};

use super::enums::Decay;

/// Hands the rows to a macro, which takes of each what it needs.
///
/// A row is a variant of `Rule`, the file of `optim/rules/` with its mathematics, its word in TOML,
/// and the facts in which it differs from `PLAIN` or `PRECONDITIONED`.
macro_rules! each_rule {
    ($then:ident) => {
        $then! {
            /// w ← w − ηg.
            GradientDescent: gradient_descent, "gradient-descent" {
                has_batch_limit: true, ..PLAIN
            }

            /// m ← βm + g; w ← w − ηm.
            HeavyBall: heavy_ball, "heavy-ball" { reads: &[Momentum], n_state: 1, ..PLAIN }

            /// m ← βm + g; w ← w − η(g + βm).
            Nesterov: nesterov, "nesterov" { reads: &[Momentum], n_state: 1, ..PLAIN }

            /// m ← βm + (1−β)g; w ← w − ηm.
            EmaMomentum: ema_momentum, "ema-momentum" { reads: &[Momentum], n_state: 1, ..PLAIN }

            /// m ← βm + (ε+d)g, where d measures how well g agrees with m (arXiv 2412.18790).
            TorqueAware: torque_aware, "torque-aware" {
                reads: &[Momentum, Freeze],
                n_state: 1,
                limit_note: Some("the limit rises where gradients turn against the momentum"),
                ..PLAIN
            }

            /// w ← w − ηg/(√v + ε).
            Rmsprop: rmsprop, "rmsprop" {
                reads: &[Beta2, Epsilon, Freeze], n_state: 2, ..PRECONDITIONED
            }

            /// w ← w − ηP⁻¹m (arXiv 1412.6980).
            Adam: adam, "adam" {
                reads: &[Momentum, Beta2, Epsilon, Freeze], n_state: 3, ..PRECONDITIONED
            }

            /// Adam whose weight decay is decoupled (arXiv 1711.05101).
            Adamw: adamw, "adamw" {
                reads: &[Momentum, Beta2, Epsilon, Freeze],
                n_state: 3,
                decay: Some(Decay::Decoupled),
                ..PRECONDITIONED
            }

            /// Adam with v₀ = g₀² (arXiv 2406.09405).
            GiAdam: gi_adam, "gi-adam" {
                reads: &[Momentum, Beta2, Epsilon, Freeze], n_state: 3, ..PRECONDITIONED
            }

            /// w ← w − ηg/‖g‖.
            Normalised: normalised, "normalised" {
                metric: Metric::None, length: StepLength::Whole, ..PLAIN
            }

            /// w ← w − η·sign(g).
            Sign: sign, "sign" {
                metric: Metric::None, length: StepLength::PerParameter, ..PLAIN
            }

            /// The gradient is that at w + ρg/‖g‖ (arXiv 2010.01412).
            Sam: sam, "sam" {
                reads: &[Radius], limit_note: Some("the limit falls with ‖g‖"), ..PLAIN
            }
        }
    };
}
pub(crate) use each_rule;

/// A live setting that only some rules read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSetting {
    /// `live.momentum`.
    Momentum,
    /// `live.beta2`.
    Beta2,
    /// `live.epsilon`.
    Epsilon,
    /// `live.freeze`: the rule has a preconditioner or a torque to hold.
    Freeze,
    /// `live.radius`.
    Radius,
}

/// Which curvature a rule's limit is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The largest eigenvalue of the Hessian itself.
    Raw,
    /// That of P^-½ (H + μ) P^-½, with the preconditioner of the next update and coupled decay μ.
    Preconditioned,
    /// None is compared: steps are of fixed length, so that their limit moves with ‖g‖ (arXiv
    /// 2603.05002).
    None,
}

/// How long a rule's steps are; rules of one kind take learning rates of like size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepLength {
    /// As long as the gradient says.
    Gradient,
    /// About η for each parameter.
    PerParameter,
    /// η.
    Whole,
}

/// What is to be known of a rule besides its mathematics.
struct Traits {
    /// The settings it reads that not all do.
    reads: &'static [RuleSetting],
    /// Numbers a parameter that it keeps from step to step.
    n_state: usize,
    /// The curvature its limit is for.
    metric: Metric,
    /// How long its steps are.
    length: StepLength,
    /// Its own form of weight decay, whatever `live.decay` says.
    decay: Option<Decay>,
    /// How its limit moves while the learning rate stays.
    limit_note: Option<&'static str>,
    /// Whether on mini-batches its limit is that of the batch sharpness (arXiv 2412.20553).
    has_batch_limit: bool,
}

/// Steps along the gradient, with nothing kept.
const PLAIN: Traits = Traits {
    reads: &[],
    n_state: 0,
    metric: Metric::Raw,
    length: StepLength::Gradient,
    decay: None,
    limit_note: None,
    has_batch_limit: false,
};

/// Steps along the gradient over a preconditioner.
const PRECONDITIONED: Traits =
    Traits { metric: Metric::Preconditioned, length: StepLength::PerParameter, ..PLAIN };

/// Declares `Rule` from the rows.
macro_rules! declare {
    ($($(#[$doc:meta])+ $Name:ident: $module:ident, $word:literal { $($traits:tt)* })+) => {
        /// Update rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Rule {
            $($(#[$doc])+ #[serde(rename = $word)] $Name),+
        }
        super::word_enum::word_enum!(Rule { $($Name => $word),+ });

        impl Rule {
            const fn traits(self) -> Traits {
                use RuleSetting::{Beta2, Epsilon, Freeze, Momentum, Radius};
                match self { $(Self::$Name => Traits { $($traits)* }),+ }
            }
        }
    };
}
each_rule!(declare);

impl Rule {
    /// Whether the rule reads this setting.
    #[must_use]
    pub fn reads(self, setting: RuleSetting) -> bool {
        self.traits().reads.contains(&setting)
    }

    /// Whether the rule reads `live.momentum`.
    #[must_use]
    pub fn has_momentum(self) -> bool {
        self.reads(RuleSetting::Momentum)
    }

    /// Whether there is something that `live.freeze` holds: the preconditioner or the torque.
    #[must_use]
    pub fn can_freeze(self) -> bool {
        self.reads(RuleSetting::Freeze)
    }

    /// The curvature that the rule's limit is for.
    #[must_use]
    pub const fn metric(self) -> Metric {
        self.traits().metric
    }

    /// Whether the rule divides by a preconditioner.
    #[must_use]
    pub const fn is_adaptive(self) -> bool {
        matches!(self.metric(), Metric::Preconditioned)
    }

    /// Whether a curvature is too large for the rule at some learning rate.
    #[must_use]
    pub const fn has_limit(self) -> bool {
        !matches!(self.metric(), Metric::None)
    }

    /// How the rule's limit moves while the learning rate stays, as half a sentence.
    #[must_use]
    pub const fn limit_note(self) -> Option<&'static str> {
        self.traits().limit_note
    }

    /// Whether on mini-batches the rule's limit is that of the batch sharpness (arXiv 2412.20553).
    #[must_use]
    pub const fn has_batch_limit(self) -> bool {
        self.traits().has_batch_limit
    }

    /// How long the rule's steps are.
    #[must_use]
    pub const fn step_length(self) -> StepLength {
        self.traits().length
    }

    /// The form of weight decay that the rule has by itself.
    #[must_use]
    pub const fn own_decay(self) -> Option<Decay> {
        self.traits().decay
    }

    /// Numbers a parameter that the rule keeps from step to step.
    #[must_use]
    pub const fn n_state(self) -> usize {
        self.traits().n_state
    }
}
