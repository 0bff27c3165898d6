//! The live settings, which may change during a run. They are always sent as a whole, so the latest
//! message holds every value.

use std::ops::Range as Span;

use serde::{Deserialize, Serialize};

use super::super::choices::{Decay, Interval, Rule, RuleSetting, word_enum};
use super::arrangement::Arrangement;
use super::declaration::{Effect, Range, Section, SliderRange, log, real};
use super::gradient_clip::Clip;
use super::group::{any_of, settings};
use super::learning_rate::{Rate, Schedule, Warmup};
use super::probe::{MAX_INTERVAL, ProbeSettings, at_steps};
use crate::text;

settings! {
    /// The settings that can change mid-run without a restart.
    LiveSettings at (live) {
        /// Peak learning rate η: what warmup rises to; the stability line is 2/η for gradient
        /// descent.
        peak_lr: f64 = 0.1 => PEAK_LR,
            live(Section::Rate, "Learning rate", log(1e-5, 100.0))
                .axis_label("peak learning rate η")
                .slider_range(SliderRange::Of(|_, home| {
                    let rate = home.live.peak_lr;
                    [(rate / 100.0).max(1e-5), (rate * 10.0).min(100.0)]
                }))
                .unread(|config| {
                    let rule = config.live.rate.rule;
                    (!rule.has_peak()).then(|| format!("the rate rule {rule} has no peak"))
                });
        /// Momentum β, β₁ of Adam; raises the stability limit of heavy ball to (2 + 2β)/η.
        momentum: f64 = 0.9 => MOMENTUM,
            live(Section::Rule, "Momentum", real(0.0, 0.999)).unread(|config| {
                unless_read(config.optimizer.rule, RuleSetting::Momentum, "momentum")
            });
        /// Decay of the mean squared gradient that adaptive rules divide by; closer to 1 is slower.
        beta2: f64 = 0.999 => BETA2,
            live(Section::Rule, "β₂", real(0.0, 0.9999))
                .unread(|config| {
                    unless_read(config.optimizer.rule, RuleSetting::Beta2, "preconditioner")
                })
                .idle(|now, _, steps| is_frozen(&now.live, steps));
        /// Added to the root mean squared gradient; bounds how much small gradients are amplified.
        epsilon: f64 = 1e-8 => EPSILON,
            live(Section::Rule, "ε", log(1e-16, 1.0))
                .unread(|config| {
                    unless_read(config.optimizer.rule, RuleSetting::Epsilon, "preconditioner")
                })
                .idle(|now, _, steps| is_frozen(&now.live, steps));
        /// Freezes the preconditioner or the torque; the stability limit is then sharp: a run above
        /// it diverges.
        freeze: bool = false => FREEZE,
            live(Section::Rule, "Freeze preconditioner", Range::Switch).unread(|config| {
                let what = "preconditioner or torque to freeze";
                unless_read(config.optimizer.rule, RuleSetting::Freeze, what)
            });
        /// Length ρ of the ascent step after which SAM takes its gradient.
        radius: f64 = 0.05 => RADIUS,
            live(Section::Rule, "SAM radius", log(1e-4, 10.0)).unread(|config| {
                unless_read(config.optimizer.rule, RuleSetting::Radius, "radius")
            });
        /// Weight decay μ: pulls every parameter towards 0 in proportion to itself.
        weight_decay: f64 = 0.0 => WEIGHT_DECAY,
            live(Section::Decay, "Weight decay", log(0.0, 1.0)).brief(|config| {
                let decay = config.live.weight_decay;
                (decay != 0.0).then(|| format!("weight decay {}", text::number(decay)))
            });
        /// coupled adds μw to the gradient; decoupled subtracts ημw from the weights directly, as
        /// AdamW always does.
        decay: Decay = Decay::Coupled => DECAY,
            live(Section::Decay, "Decay form", any_of!(Decay)).always_shown().unread(|config| {
                let rule = config.optimizer.rule;
                let is_without = config.live.weight_decay == 0.0;
                is_without.then(|| "weight decay is 0".into()).or(rule.own_decay().map(|form| {
                    match form {
                        Decay::Coupled => format!("{rule} makes the same steps with either form"),
                        Decay::Decoupled => format!("the decay of {rule} is always {form}"),
                    }
                }))
            });
        /// Limit on steps per second; changes no number of the run.
        pace: Pace = Pace::Unlimited => PACE,
            elsewhere(Effect::Cosmetic, "Pace", any_of!(Pace)).unit("steps/s");
        /// Steps between measurements of the loss and the accuracy on the test set.
        eval_every: Interval = Interval::every(10) => EVAL_EVERY,
            live(Section::Tests, "Test every", Range::WholeOr("off")).unit("steps")
                .brief(|config| match config.live.eval_every {
                    Interval::Off => None,
                    Interval::Every(n) => Some(format!("tests every {n}")),
                })
                .slider_range(SliderRange::Fixed(MAX_INTERVAL))
                .always_shown()
                .unread(|config| {
                    let is_without = config.task.info().is_ok_and(|info| info.n_test == 0);
                    is_without.then(|| "the task has no test set".into())
                })
                .idle(|now, before, steps| {
                    let is_due = [now, before].iter().any(|c| c.live.eval_every.is_due_in(steps));
                    (!is_due).then(|| format!("nothing is tested {}", at_steps(steps)))
                });
        /// What determines the learning rate.
        rate: Rate;
        /// What the learning rate does after warmup.
        schedule: Schedule;
        /// How the learning rate rises at the start.
        warmup: Warmup;
        /// Clipping of the gradient.
        clip: Clip;
        /// How the examples are arranged.
        data: Arrangement;
        /// When and how the curvature is measured.
        probe: ProbeSettings;
    }
}

/// The reason why the rule does not read this setting: it has nothing that the setting is for;
/// `None` if it does.
fn unless_read(rule: Rule, setting: RuleSetting, what_for: &str) -> Option<String> {
    (!rule.reads(setting)).then(|| format!("the rule {rule} has no {what_for}"))
}

/// The reason why the preconditioner does not change in these steps; the first step makes it even
/// if it is frozen.
fn is_frozen(live: &LiveSettings, steps: &Span<u64>) -> Option<String> {
    (live.freeze && steps.start > 0).then(|| "the preconditioner is frozen".into())
}

word_enum! {
    /// Limit on steps per second.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Pace {
        /// One.
        One => "1",
        /// Ten.
        Ten => "10",
        /// Thirty.
        Thirty => "30",
        /// A hundred.
        Hundred => "100",
        /// As fast as the machine can.
        Unlimited => "unlimited",
    }
}

impl Pace {
    /// Steps per second; `None` for unlimited.
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

impl LiveSettings {
    /// The form of weight decay under a rule.
    #[must_use]
    pub const fn decay_of(&self, rule: Rule) -> Decay {
        match rule.own_decay() {
            Some(form) => form,
            None => self.decay,
        }
    }
}
