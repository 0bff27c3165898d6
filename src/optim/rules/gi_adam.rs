//! GI-Adam (arXiv 2406.09405): Adam with v₀ = g₀².

use candle_core::{Result, Tensor};

use super::adam::Adam;
use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::rule::{StateEntry, UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct GiAdam(Adam);

impl UpdateRule for GiAdam {
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill> {
        self.0.squares.start_at(gradient)?;
        self.0.uphill(gradient, live)
    }

    fn edge(&self, live: &LiveSettings) -> Edge {
        self.0.edge(live)
    }

    fn state(&mut self) -> Vec<(&'static str, StateEntry<'_>)> {
        self.0.state()
    }
}
