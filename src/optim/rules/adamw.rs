//! `AdamW` (arXiv 1711.05101): Adam whose weight decay is always decoupled.

use candle_core::{Result, Tensor};

use super::adam::Adam;
use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::rule::{StateEntry, UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct Adamw(Adam);

impl UpdateRule for Adamw {
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill> {
        self.0.uphill(gradient, live)
    }

    fn edge(&self, live: &LiveSettings) -> Edge {
        self.0.edge(live)
    }

    fn state(&mut self) -> Vec<(&'static str, StateEntry<'_>)> {
        self.0.state()
    }
}
