//! The largest curvature at which each rule is stable on a quadratic, full batch.
//! Does not measure anything.

use crate::config::Rule;

/// Which curvature a rule's limit is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The largest eigenvalue of the Hessian itself.
    Raw,
    /// No curvature decides: steps have a length of their own.
    None,
}

/// A rule's edge of stability: it is stable iff λ₁·η < `limit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stability {
    /// λ₁·η at the edge, full batch, learning rate held; divide by η for the threshold.
    pub limit: f64,
    /// The curvature that λ₁ stands for.
    pub metric: Metric,
    /// The threshold as a formula, for labels.
    pub formula: &'static str,
}

/// The edge of stability of `rule` at momentum β (arXiv 2103.00065).
#[must_use]
pub fn stability(rule: Rule, momentum: f64) -> Stability {
    // On the eigenvector of λ each rule is a linear recurrence in (w, m); its limit is where a root
    // of the characteristic polynomial z² − tr·z + det leaves the unit circle at z = −1.
    let beta = momentum;
    let (limit, formula) = match rule {
        Rule::GradientDescent => (2.0, "2/η"),
        Rule::HeavyBall => (2.0 + 2.0 * beta, "(2+2β)/η"),
        Rule::Nesterov => ((2.0 + 2.0 * beta) / (1.0 + 2.0 * beta), "(2+2β)/((1+2β)η)"),
    };
    Stability { limit, metric: Metric::Raw, formula }
}

#[cfg(test)]
mod tests {
    use super::stability;
    use crate::config::Rule;

    #[test]
    fn the_limits_are_the_published_ones() {
        for (rule, beta, wanted) in [
            (Rule::GradientDescent, 0.9, 2.0),
            (Rule::HeavyBall, 0.0, 2.0),
            (Rule::HeavyBall, 0.9, 3.8),
            (Rule::Nesterov, 0.0, 2.0),
            (Rule::Nesterov, 0.9, 1.357_142_857_142_857),
        ] {
            let limit = stability(rule, beta).limit;
            assert!((limit - wanted).abs() < 1e-15, "{rule} at {beta}: {limit}");
        }
    }
}
