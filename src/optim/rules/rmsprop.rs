//! `RMSProp`: v ← β₂v + (1−β₂)g²; w ← w − ηg/(√v + ε).

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::moments::{Preconditioner, Squares};
use crate::optim::rule::{StateEntry, UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct Rmsprop {
    squares: Squares,
    preconditioner: Preconditioner,
}

impl UpdateRule for Rmsprop {
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill> {
        let squares = &mut self.squares;
        let p = self.preconditioner.of_step(live, || {
            let v = squares.update(gradient, live.beta2)?;
            v.sqrt()? + live.epsilon
        })?;
        Ok(Uphill { direction: (gradient / &p)?, preconditioner: Some(p) })
    }

    fn edge(&self, _live: &LiveSettings) -> Edge {
        Edge::product(2.0, "2/η")
    }

    fn state(&mut self) -> Vec<(&'static str, StateEntry<'_>)> {
        vec![self.squares.state(), self.preconditioner.state()]
    }
}
