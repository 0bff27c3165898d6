//! Sign descent: w ← w − η·sign(g).

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::rule::{UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct Sign;

impl UpdateRule for Sign {
    fn uphill(&mut self, gradient: &Tensor, _live: &LiveSettings) -> Result<Uphill> {
        Ok(gradient.sign()?.into())
    }

    fn edge(&self, _live: &LiveSettings) -> Edge {
        Edge::NONE
    }
}
