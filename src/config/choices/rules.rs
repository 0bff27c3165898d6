//! The update rules, one row each: its word, the settings it reads, the size of its state, and the
//! traits of its stability limit. `optim/rules/` computes the updates.

use serde::{Deserialize, Serialize};

use super::enums::Decay;

/// Calls the macro `$then` with the rows of all rules.
///
/// A row is a variant of `Rule`, its file in `optim/rules/`, its word in TOML, and the traits in
/// which it differs from `PLAIN` or `PRECONDITIONED`.
macro_rules! each_rule {
    ($then:ident) => {
        $then! {
            /// w ← w − ηg.
            GradientDescent: gradient_descent, "gradient-descent" {
                decay: Some(Decay::Coupled), has_batch_limit: true, ..PLAIN
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
                reads: &[Radius],
                decay: Some(Decay::Coupled),
                limit_note: Some("the limit falls with ‖g‖"),
                ..PLAIN
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
    /// `live.freeze`: the rule has a preconditioner or a torque to freeze.
    Freeze,
    /// `live.radius`.
    Radius,
}

/// Which curvature a rule's limit is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The largest eigenvalue of the Hessian itself.
    Raw,
    /// The largest eigenvalue of P^-½ (H + μ) P^-½, with the preconditioner P of the next update
    /// and coupled weight decay μ.
    Preconditioned,
    /// None: steps have a fixed length, so the limit moves with ‖g‖ (arXiv 2603.05002).
    None,
}

/// What the length of a rule's steps depends on; rules of one kind need learning rates of similar
/// size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepLength {
    /// Proportional to the gradient.
    Gradient,
    /// About η per parameter.
    PerParameter,
    /// η.
    Whole,
}

/// Traits of a rule that code outside `optim/` needs.
struct Traits {
    /// The settings it reads, of those that only some rules read.
    reads: &'static [RuleSetting],
    /// Size of its state, in numbers per parameter.
    n_state: usize,
    /// The curvature that its stability limit applies to.
    metric: Metric,
    /// What the length of its steps depends on.
    length: StepLength,
    /// Its fixed form of weight decay, coupled where both forms make the same step; `None` if it
    /// follows `live.decay`.
    decay: Option<Decay>,
    /// How its limit moves at a constant learning rate, as half a sentence.
    limit_note: Option<&'static str>,
    /// Whether its mini-batch limit applies to the batch sharpness (arXiv 2412.20553).
    has_batch_limit: bool,
}

/// Steps along the gradient, without state.
const PLAIN: Traits = Traits {
    reads: &[],
    n_state: 0,
    metric: Metric::Raw,
    length: StepLength::Gradient,
    decay: None,
    limit_note: None,
    has_batch_limit: false,
};

/// Steps along the gradient divided by a preconditioner.
const PRECONDITIONED: Traits =
    Traits { metric: Metric::Preconditioned, length: StepLength::PerParameter, ..PLAIN };

/// Declares `Rule` from the rows.
macro_rules! declare {
    ($($(#[doc = $doc:literal])+ $Name:ident: $module:ident, $word:literal { $($traits:tt)* })+) => {
        super::word_enum::word_enum! {
            /// Update rule.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
            pub enum Rule {
                $($(#[doc = $doc])+ $Name => $word,)+
            }
        }

        impl Rule {
            const fn traits(self) -> Traits {
                use RuleSetting::*;
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

    /// The curvature that the rule's stability limit applies to.
    #[must_use]
    pub const fn metric(self) -> Metric {
        self.traits().metric
    }

    /// Whether the rule divides by a preconditioner.
    #[must_use]
    pub const fn is_adaptive(self) -> bool {
        matches!(self.metric(), Metric::Preconditioned)
    }

    /// Whether the rule has a stability limit on curvature.
    #[must_use]
    pub const fn has_limit(self) -> bool {
        !matches!(self.metric(), Metric::None)
    }

    /// Whether the length of the rule's steps does not depend on the gradient's.
    #[must_use]
    pub const fn has_fixed_length(self) -> bool {
        !self.has_limit()
    }

    /// How the rule's limit moves at a constant learning rate.
    #[must_use]
    pub const fn limit_note(self) -> Option<&'static str> {
        self.traits().limit_note
    }

    /// Whether the rule's mini-batch limit applies to the batch sharpness.
    #[must_use]
    pub const fn has_batch_limit(self) -> bool {
        self.traits().has_batch_limit
    }

    /// What the length of the rule's steps depends on.
    #[must_use]
    pub const fn step_length(self) -> StepLength {
        self.traits().length
    }

    /// The rule's fixed form of weight decay; `None` if it follows `live.decay`.
    #[must_use]
    pub const fn own_decay(self) -> Option<Decay> {
        self.traits().decay
    }

    /// Size of the rule's state, in numbers per parameter.
    #[must_use]
    pub const fn n_state(self) -> usize {
        self.traits().n_state
    }
}
