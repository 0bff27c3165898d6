//! Momentum as an exponential moving average: m ← βm + (1−β)g; w ← w − ηm.

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::moments::Momentum;
use crate::optim::rule::{StateEntry, UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct EmaMomentum {
    momentum: Momentum,
}

impl UpdateRule for EmaMomentum {
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill> {
        let beta = live.momentum;
        Ok(self.momentum.update(gradient, beta, 1.0 - beta)?.into())
    }

    fn edge(&self, live: &LiveSettings) -> Edge {
        let beta = live.momentum;
        Edge::product((2.0 + 2.0 * beta) / (1.0 - beta), "(2+2β)/((1−β)η)")
    }

    fn state(&mut self) -> Vec<(&'static str, StateEntry<'_>)> {
        vec![self.momentum.state()]
    }
}
