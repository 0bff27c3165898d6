//! Where the curvature leaves a rule's stable range on a quadratic, full batch, without weight decay.
//! Knows no rule by name.

/// What of a step a threshold depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// η.
    pub lr: f64,
    /// ‖g‖; read for SAM.
    pub grad_norm: f64,
    /// ε + d, the factor on the gradient; read for torque-aware momentum.
    pub torque: f64,
}

/// A rule's limit with its formula.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) limit: Limit,
    /// The threshold as a formula, for labels.
    pub(super) formula: &'static str,
}

impl Edge {
    /// That of steps of fixed length.
    pub(super) const NONE: Self = Self { limit: Limit::Nowhere, formula: "no limit" };

    /// λ₁·η at this product.
    pub(super) fn product(product: f64, formula: &'static str) -> Self {
        Self { limit: Limit::Product(product), formula }
    }
}

/// Where λ₁ leaves the stable range.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// At λ₁·η of this.
    Product(f64),
    /// At λ₁·η of this over ε + d, the factor on the gradient.
    Torque(f64),
    /// At a curve of the rule's own, with this constant.
    Curve(&'static Curve, f64),
    /// At no product of λ₁ and η.
    Nowhere,
}

/// A limit that is no product of λ₁ and η. Clipping scales the step but not the curve's constant.
#[derive(Debug)]
pub(super) struct Curve {
    /// λ of a constant and conditions.
    pub(super) threshold: fn(f64, Conditions) -> f64,
    /// η at which λ·(1 − ½ημ) of [`Self::threshold`] is a curvature, for decoupled weight decay μ.
    pub(super) largest_rate: fn(f64, Decayed, Conditions) -> f64,
}

/// A curvature with the weight decay beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decayed {
    pub(super) curvature: f64,
    /// μ of decoupled decay; 0 without.
    pub(super) mu: f64,
}
