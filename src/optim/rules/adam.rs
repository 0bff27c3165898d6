//! Adam (arXiv 1412.6980): w ← w − ηP⁻¹m, where P includes the bias corrections of both moments.

use candle_core::{Result, Tensor};

use crate::config::LiveSettings;
use crate::optim::limit::Edge;
use crate::optim::moments::{Momentum, Power, Preconditioner, Squares};
use crate::optim::rule::{StateEntry, UpdateRule, Uphill};

#[derive(Clone, Debug, Default)]
pub(crate) struct Adam {
    momentum: Momentum,
    pub(super) squares: Squares,
    preconditioner: Preconditioner,
    /// β₁ᵗ.
    momentum_left: Power,
    /// β₂ᵗ.
    squares_left: Power,
}

impl Adam {
    /// P = (1−β₁ᵗ)·(√(v/(1−β₂ᵗ)) + ε), where v includes this gradient.
    fn renewed(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Tensor> {
        let v = self.squares.update(gradient, live.beta2)?;
        self.squares_left.0 *= live.beta2;
        self.momentum_left.0 *= live.momentum;
        let root = (v / (1.0 - self.squares_left.0))?.sqrt()?;
        (root + live.epsilon)? * (1.0 - self.momentum_left.0)
    }
}

impl UpdateRule for Adam {
    fn uphill(&mut self, gradient: &Tensor, live: &LiveSettings) -> Result<Uphill> {
        let mut held = std::mem::take(&mut self.preconditioner);
        let p = held.of_step(live, || self.renewed(gradient, live))?;
        self.preconditioner = held;
        let m = self.momentum.update(gradient, live.momentum, 1.0 - live.momentum)?;
        Ok(Uphill { direction: (m / &p)?, preconditioner: Some(p) })
    }

    fn edge(&self, live: &LiveSettings) -> Edge {
        let beta = live.momentum;
        Edge::product((2.0 + 2.0 * beta) / (1.0 - beta), "(2+2β₁)/((1−β₁)η)")
    }

    fn state(&mut self) -> Vec<(&'static str, StateEntry<'_>)> {
        vec![
            self.momentum.state(),
            self.squares.state(),
            self.preconditioner.state(),
            ("momentum-left", StateEntry::Number(&mut self.momentum_left.0)),
            ("squares-left", StateEntry::Number(&mut self.squares_left.0)),
        ]
    }
}
