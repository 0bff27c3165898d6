//! Heavy ball: m ← βm + g; w ← w − ηm.

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::moments::Momentum;
use crate::optim::rule::{StateEntry, UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct HeavyBall {
    momentum: Momentum,
}

impl UpdateRule for HeavyBall {
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill> {
        Ok(self.momentum.update(gradient, live.momentum, 1.0)?.into())
    }

    fn edge(&self, live: &LiveSettings) -> Edge {
        Edge::product(2.0 + 2.0 * live.momentum, "(2+2β)/η")
    }

    fn state(&mut self) -> Vec<(&'static str, StateEntry<'_>)> {
        vec![self.momentum.state()]
    }
}
