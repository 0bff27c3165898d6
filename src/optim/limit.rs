//! Stability limits of update rules on a full-batch quadratic, without weight decay.

/// The quantities of a step that a stability threshold depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// η.
    pub lr: f64,
    /// ‖g‖; used by SAM only.
    pub grad_norm: f64,
    /// ε + d, the factor on the gradient; used by torque-aware momentum only.
    pub torque: f64,
}

/// A rule's stability limit and its formula.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) limit: Limit,
    /// The threshold as a formula, for labels.
    pub(super) formula: &'static str,
}

impl Edge {
    /// Steps of fixed length have no limit.
    pub(super) const NONE: Self = Self { limit: Limit::Unlimited, formula: "no limit" };

    /// The limit λ₁·η = `product`.
    pub(super) fn product(product: f64, formula: &'static str) -> Self {
        Self { limit: Limit::Product(product), formula }
    }
}

/// Form of a stability limit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// λ₁·η equals this.
    Product(f64),
    /// λ₁·η·(ε + d) equals this, where ε + d is the factor on the gradient.
    Torque(f64),
    /// A curve specific to the rule, with its constant.
    Curve(&'static Curve, f64),
    /// No limit.
    Unlimited,
}

/// A limit that is not a constant λ₁·η.
#[derive(Debug)]
pub(super) struct Curve {
    /// The largest stable λ for a constant and conditions.
    pub(super) threshold: fn(f64, Conditions) -> f64,
    /// The η at which [`Self::threshold`] · (1 − ½ημ) equals the curvature, for decoupled weight
    /// decay μ.
    pub(super) largest_rate: fn(f64, Decayed, Conditions) -> f64,
}

/// A curvature and decoupled weight decay.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decayed {
    pub(super) curvature: f64,
    /// μ; 0 without decay.
    pub(super) mu: f64,
}
