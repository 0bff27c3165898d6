//! Torque-aware momentum (arXiv 2412.18790): m ← βm + (ε+d)g; w ← w − ηm, where d is smaller the
//! less the gradient aligns with the momentum.

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::{Edge, Limit};
use crate::optim::moments::Momentum;
use crate::optim::rule::{StateEntry, UpdateRule, Uphill};

/// γ.
const DECAY: f64 = 0.9;
/// ε.
const FLOOR: f64 = 1e-8;

#[derive(Clone, Debug, Default)]
pub(crate) struct TorqueAware {
    momentum: Momentum,
    /// s, the running mean of cos(m, g).
    agreement: f64,
}

impl TorqueAware {
    /// ε + d, with d = (1 + s)/2.
    fn factor(&self) -> f64 {
        FLOOR + f64::midpoint(1.0, self.agreement)
    }
}

impl UpdateRule for TorqueAware {
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill> {
        if !live.freeze {
            // s ← γs + (1−γ)·cos(m, g)
            let cosine = self.momentum.cosine(gradient)?;
            self.agreement = DECAY * self.agreement + (1.0 - DECAY) * cosine;
        }
        let factor = self.factor();
        Ok(self.momentum.update(gradient, live.momentum, factor)?.into())
    }

    fn edge(&self, live: &LiveSettings) -> Edge {
        Edge { limit: Limit::Torque(2.0 + 2.0 * live.momentum), formula: "(2+2β)/((ε+d)η)" }
    }

    fn state(&mut self) -> Vec<(&'static str, StateEntry<'_>)> {
        vec![self.momentum.state(), ("agreement", StateEntry::Number(&mut self.agreement))]
    }

    fn torque(&self) -> Option<f64> {
        Some(self.factor())
    }
}
