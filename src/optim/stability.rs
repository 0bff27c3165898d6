//! The largest curvature, and the largest learning rate, at which a rule is stable on a full-batch
//! quadratic.

use super::limit::{Conditions, Decayed, Limit};
use super::rules::AnyRule;
use crate::config::{Decay, LiveSettings, Metric, Rule};

/// A rule's stability limit at given settings.
#[derive(Clone, Copy, Debug)]
pub struct Stability {
    /// The curvature that the limit applies to.
    pub metric: Metric,
    /// The threshold as a formula without weight decay, for labels.
    pub formula: &'static str,
    limit: Limit,
    decay: Decay,
    weight_decay: f64,
}

/// The stability limit of `rule` at these settings.
///
/// ```
/// use eoscope::config::{LiveSettings, Rule};
/// use eoscope::optim::{Conditions, stability};
///
/// let live = LiveSettings { momentum: 0.9, ..LiveSettings::default() };
/// let edge = stability(Rule::HeavyBall, &live);
/// let at = Conditions { lr: 0.1, grad_norm: 1.0, torque: 1.0 };
/// // (2 + 2β)/η (arXiv 2103.00065), and the rate at which it equals a curvature of 50.
/// assert_eq!(edge.formula, "(2+2β)/η");
/// assert!((edge.threshold(at).unwrap() - 38.0).abs() < 1e-9);
/// assert!((edge.largest_rate(50.0, at).unwrap() - 0.076).abs() < 1e-9);
/// ```
#[must_use]
pub fn stability(rule: Rule, live: &LiveSettings) -> Stability {
    let edge = AnyRule::new(rule).get().edge(live);
    Stability {
        metric: rule.metric(),
        formula: edge.formula,
        limit: edge.limit,
        decay: live.decay_of(rule),
        weight_decay: live.weight_decay,
    }
}

impl Stability {
    /// The limit with per-parameter rates η·dᵢ: D becomes part of the preconditioner, so the limit
    /// applies to the curvature of D^½ (H + μ) D^½.
    #[must_use]
    pub fn with_rate_factors(self) -> Self {
        match self.metric {
            Metric::Raw => Self { metric: Metric::Preconditioned, ..self },
            Metric::Preconditioned | Metric::None => self,
        }
    }

    /// The curvature above which a step is unstable; `None` if no curvature is. For SAM with weight
    /// decay μ it is exact to first order, with an error of at most about 4μρ/(η‖g‖).
    #[must_use]
    pub fn threshold(&self, at: Conditions) -> Option<f64> {
        let lr = (at.lr > 0.0).then_some(at.lr)?;
        let bare = match self.limit {
            Limit::Product(product) => product / lr,
            Limit::Torque(product) => product / (at.torque * lr),
            Limit::Curve(curve, constant) => (curve.threshold)(constant, at),
            Limit::Unlimited => return None,
        };
        let mu = self.weight_decay;
        Some(match (self.decay, self.metric) {
            // With P or D, the measured operator already includes μ.
            (Decay::Coupled, Metric::Raw) => bare - mu,
            (Decay::Coupled, Metric::Preconditioned | Metric::None) => bare,
            // The threshold without decay times (2 − ημ)/2, for any momentum.
            (Decay::Decoupled, _) => bare * (1.0 - 0.5 * lr * mu),
        })
    }

    /// [`Self::threshold`] if the gradient was scaled by `scale`, in 0..1, as by norm clipping.
    #[must_use]
    pub fn clipped_threshold(&self, at: Conditions, scale: f64) -> Option<f64> {
        match self.limit {
            // Clipping scales the step but not the constant of the curve.
            Limit::Curve(..) => self.threshold(Conditions { lr: at.lr * scale, ..at }),
            // Curvature enters only through ηsλ, and decay is not clipped.
            Limit::Product(_) | Limit::Torque(_) | Limit::Unlimited => {
                self.threshold(at).map(|whole| whole / scale)
            }
        }
    }

    /// The largest stable rate if the gradient was scaled by `scale`, in 0..1: there,
    /// [`Self::clipped_threshold`] equals this curvature. `None` if every rate is stable.
    #[must_use]
    pub fn largest_clipped_rate(&self, curvature: f64, at: Conditions, scale: f64) -> Option<f64> {
        match self.limit {
            Limit::Curve(..) => self.largest_rate(curvature, at).map(|whole| whole / scale),
            Limit::Product(_) | Limit::Torque(_) | Limit::Unlimited => {
                self.largest_rate(curvature * scale, at)
            }
        }
    }

    /// The largest stable rate at this curvature: there, [`Self::threshold`] equals it. `None`
    /// without an upper limit.
    #[must_use]
    pub fn largest_rate(&self, curvature: f64, at: Conditions) -> Option<f64> {
        let mu = self.weight_decay;
        let (curvature, mu) = match (self.decay, self.metric) {
            (Decay::Coupled, Metric::Raw) => (curvature + mu, 0.0),
            (Decay::Coupled, Metric::Preconditioned | Metric::None) => (curvature, 0.0),
            (Decay::Decoupled, _) => (curvature, mu),
        };
        // λ = p/η·(1 − ημ/2)
        let of_product = |product: f64| product / (curvature + 0.5 * product * mu);
        let rate = match self.limit {
            Limit::Product(product) => of_product(product),
            Limit::Torque(product) => of_product(product / at.torque),
            Limit::Curve(curve, constant) => {
                (curve.largest_rate)(constant, Decayed { curvature, mu }, at)
            }
            Limit::Unlimited => return None,
        };
        (rate > 0.0 && rate.is_finite()).then_some(rate)
    }
}

#[cfg(test)]
mod tests {
    use super::stability;
    use crate::config::{Decay, LiveSettings, Metric, Rule};
    use crate::optim::Conditions;

    const AT: Conditions = Conditions { lr: 0.5, grad_norm: 2.0, torque: 0.25 };

    fn limit(rule: Rule, momentum: f64) -> f64 {
        let live = LiveSettings { momentum, ..LiveSettings::default() };
        stability(rule, &live).threshold(AT).unwrap() * AT.lr
    }

    #[test]
    fn the_limits_are_the_published_ones() {
        for (rule, beta, wanted) in [
            (Rule::GradientDescent, 0.9, 2.0),
            (Rule::HeavyBall, 0.0, 2.0),
            (Rule::HeavyBall, 0.9, 3.8),
            (Rule::Nesterov, 0.0, 2.0),
            (Rule::Nesterov, 0.9, 1.357_142_857_142_857),
            (Rule::EmaMomentum, 0.9, 38.0),
            (Rule::Rmsprop, 0.9, 2.0),
            (Rule::Adam, 0.9, 38.0),
            (Rule::Adamw, 0.9, 38.0),
            (Rule::GiAdam, 0.5, 6.0),
            (Rule::TorqueAware, 0.9, 15.2),
        ] {
            let found = limit(rule, beta);
            assert!((found - wanted).abs() < 1e-12, "{rule} at {beta}: {found}");
        }
    }

    #[test]
    fn the_limit_of_sam_is_the_published_one_and_approaches_gradient_descents_for_small_radius() {
        let (lr, norm) = (AT.lr, AT.grad_norm);
        for radius in [1e-3, 0.05, 3.0] {
            let live = LiveSettings { radius, ..LiveSettings::default() };
            let found = stability(Rule::Sam, &live).threshold(AT).unwrap();
            let root = (1.0 + 8.0 * radius / (lr * norm)).sqrt();
            let wanted = norm / (2.0 * radius) * (root - 1.0);
            assert!((found / wanted - 1.0).abs() < 1e-12, "{found}, not {wanted}");
        }
        let live = LiveSettings { radius: 1e-12, ..LiveSettings::default() };
        let found = stability(Rule::Sam, &live).threshold(AT).unwrap();
        assert!((found - 2.0 / lr).abs() < 1e-9);
    }

    #[test]
    fn coupled_decay_is_subtracted_from_the_threshold_and_decoupled_decay_scales_it() {
        let live = |decay| LiveSettings { weight_decay: 0.1, decay, ..LiveSettings::default() };
        let of = |rule, decay| stability(rule, &live(decay)).threshold(AT).unwrap();
        assert_eq!(of(Rule::GradientDescent, Decay::Coupled), 4.0 - 0.1);
        // For gradient descent, both are w ← w − η(λ + μ)w.
        assert!((of(Rule::GradientDescent, Decay::Decoupled) - (4.0 - 0.1)).abs() < 1e-12);
        // (2 − ημ)(1 + β₁)/((1 − β₁)η)
        for decay in [Decay::Coupled, Decay::Decoupled] {
            assert!((of(Rule::Adamw, decay) - 1.95 * 1.9 / (0.1 * 0.5)).abs() < 1e-9);
        }
    }

    #[test]
    fn at_the_largest_rate_the_threshold_equals_the_curvature_for_every_rule_and_decay() {
        for (rule, decay) in Rule::ALL
            .iter()
            .flat_map(|rule| [Decay::Coupled, Decay::Decoupled].map(|decay| (*rule, decay)))
        {
            for (weight_decay, radius) in [(0.0, 0.05), (0.3, 0.05), (0.3, 8.0)] {
                let live = LiveSettings { radius, weight_decay, decay, ..LiveSettings::default() };
                let stability = stability(rule, &live);
                for stability in [stability, stability.with_rate_factors()] {
                    for curvature in [0.02, 1.0, 40.0, 3e5] {
                        let found = stability.largest_rate(curvature, AT);
                        let Some(found) = found else {
                            assert_eq!(stability.metric, Metric::None, "{rule}");
                            continue;
                        };
                        let at = |lr| Conditions { lr, ..AT };
                        let threshold = |lr| stability.threshold(at(lr)).unwrap();
                        // Bisects for the rate at which the threshold equals the curvature.
                        let (mut low, mut high) = (1e-15_f64, 1e9_f64);
                        for _ in 0..200 {
                            let middle = (low * high).sqrt();
                            let is_stable = threshold(middle) > curvature;
                            *(if is_stable { &mut low } else { &mut high }) = middle;
                        }
                        let is_same = (found / low - 1.0).abs() < 1e-9;
                        assert!(
                            is_same,
                            "{rule}, {decay} {weight_decay}, {curvature}: {found}, {low}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn every_rate_is_stable_without_positive_curvature() {
        for rule in Rule::ALL {
            for curvature in [0.0, -1.0, f64::NAN] {
                let stability = stability(*rule, &LiveSettings::default());
                assert_eq!(stability.largest_rate(curvature, AT), None, "{rule} {curvature}");
            }
        }
    }

    #[test]
    fn steps_of_fixed_length_and_zero_rates_have_no_limit() {
        let live = LiveSettings::default();
        for rule in [Rule::Normalised, Rule::Sign] {
            assert_eq!(stability(rule, &live).threshold(AT), None);
            assert_eq!(stability(rule, &live).with_rate_factors().metric, Metric::None);
        }
        let still = Conditions { lr: 0.0, ..AT };
        assert_eq!(stability(Rule::GradientDescent, &live).threshold(still), None);
    }
}
