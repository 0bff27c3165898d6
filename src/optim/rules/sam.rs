//! Sharpness-aware minimization (arXiv 2010.01412): w ← w − ηg, with the gradient taken at
//! w + ρg/‖g‖.

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::{Conditions, Curve, Decayed, Edge, Limit};
use crate::optim::moments::with_norm;
use crate::optim::rule::{UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct Sam;

impl UpdateRule for Sam {
    fn uphill(&mut self, gradient: &Tensor, _live: &LiveSettings) -> Result<Uphill> {
        Ok(gradient.clone().into())
    }

    fn edge(&self, live: &LiveSettings) -> Edge {
        let limit = Limit::Curve(&Curve { threshold, largest_rate }, live.radius);
        Edge { limit, formula: "(‖g‖/2ρ)(√(1+8ρ/(η‖g‖))−1)" }
    }

    fn ascent(&self, gradient: &Tensor, live: &LiveSettings) -> Result<Option<Tensor>> {
        with_norm(gradient, live.radius).map(Some)
    }
}

/// The λ with η·λ(1 + ρλ/‖g‖) = 2, in a form without cancellation for small ρ.
fn threshold(radius: f64, at: Conditions) -> f64 {
    let steepness = 8.0 * radius / (at.lr * at.grad_norm);
    4.0 / (at.lr * ((1.0 + steepness).sqrt() + 1.0))
}

/// With s = ρ/‖g‖ and b the limit without decay, η = 2/(b(1 + sb)) and λ = b(1 − ημ/2), hence sb² +
/// (1 − sλ)b = λ + μ; solved in a form without cancellation for small s.
fn largest_rate(radius: f64, Decayed { curvature, mu }: Decayed, at: Conditions) -> f64 {
    let s = radius / at.grad_norm;
    let (linear, constant) = (1.0 - s * curvature, curvature + mu);
    let root = (linear * linear + 4.0 * s * constant).sqrt();
    let bare =
        if linear > 0.0 { 2.0 * constant / (linear + root) } else { (root - linear) / (2.0 * s) };
    if bare > 0.0 { 2.0 / (bare * (1.0 + s * bare)) } else { f64::NAN }
}
