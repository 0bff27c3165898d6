//! Normalised gradient descent: w ← w − ηg/‖g‖.

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::moments::with_norm;
use crate::optim::rule::{UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct Normalised;

impl UpdateRule for Normalised {
    fn uphill(&mut self, gradient: &Tensor, _live: &LiveSettings) -> Result<Uphill> {
        Ok(with_norm(gradient, 1.0)?.into())
    }

    fn edge(&self, _live: &LiveSettings) -> Edge {
        Edge::NONE
    }
}
