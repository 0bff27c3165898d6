//! Gradient descent: w ← w − ηg.

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::rule::{UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct GradientDescent;

impl UpdateRule for GradientDescent {
    fn uphill(&mut self, gradient: &Tensor, _live: &LiveSettings) -> Result<Uphill> {
        Ok(gradient.clone().into())
    }

    fn edge(&self, _live: &LiveSettings) -> Edge {
        Edge::product(2.0, "2/η")
    }
}
