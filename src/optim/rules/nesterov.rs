//! Nesterov's momentum: m ← βm + g; w ← w − η(g + βm).

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::moments::Momentum;
use crate::optim::rule::{StateEntry, UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct Nesterov {
    momentum: Momentum,
}

impl UpdateRule for Nesterov {
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill> {
        let beta = live.momentum;
        let ahead = (self.momentum.update(gradient, beta, 1.0)? * beta)?;
        Ok((gradient + ahead)?.into())
    }

    fn edge(&self, live: &LiveSettings) -> Edge {
        let beta = live.momentum;
        Edge::product((2.0 + 2.0 * beta) / (1.0 + 2.0 * beta), "(2+2β)/((1+2β)η)")
    }

    fn state(&mut self) -> Vec<(&'static str, StateEntry<'_>)> {
        vec![self.momentum.state()]
    }
}
