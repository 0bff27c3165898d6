//! Mean or max pooling over windows of an image, channel by channel.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::config::PoolKind;
use crate::net::dispatch::dispatch;
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};
use crate::net::sliding_window::{Image, Window};

dispatch! {
    fn mean_pool(x: &Tensor, window: Window) -> Tensor;
    fn mean_pool_backward(g: &Tensor, window: Window) -> Tensor;
    fn max_pool(x: &Tensor, window: Window) -> (Tensor, Tensor);
    fn max_pool_tangent(dx: &Tensor, chosen: &Tensor, window: Window) -> Tensor;
    fn max_pool_backward(dg: &Tensor, chosen: &Tensor, window: Window) -> Tensor;
}

/// Pooling without padding; the positions of x are the pixels of the window's image in row-major
/// order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Mean or maximum; the gradient flows to the first of several equal maxima.
    pub kind: PoolKind,
    /// The window.
    pub window: Window,
}

impl Passes for Pool {
    fn label(&self) -> String {
        let Image { height, width } = self.window.kernel;
        format!("{} pool {height}×{width}", self.kind)
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn rereads_inputs(&self) -> bool {
        false
    }

    fn rereads_gradient(&self) -> bool {
        false
    }

    /// Saves which pixels are the maxima.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(match self.kind {
            PoolKind::Average => Forward::of(mean_pool(at.input(0), self.window)?, Saved::none()),
            PoolKind::Max => {
                let (value, chosen) = max_pool(at.input(0), self.window)?;
                Forward::of(value, Saved::of([chosen]))
            }
        })
    }

    fn backward(&self, at: Primal<'_>, saved: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let dx = at.if_wanted(0, || self.back(&g.unsqueeze(1)?, saved)?.squeeze(1))?;
        Ok(Gradients { inputs: vec![dx], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, saved: &Saved) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        let value = match self.kind {
            PoolKind::Average => mean_pool(&dx, self.window)?,
            PoolKind::Max => {
                let [chosen] = saved.all()?;
                max_pool_tangent(&dx, chosen, self.window)?
            }
        };
        Ok(Tangent { value, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        _: Directions<'_>,
        saved: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let ddx = at.if_wanted(0, || self.back(dg, saved))?;
        Ok(Gradients { inputs: vec![ddx], params: Vec::new() })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0])
    }
}

impl Pool {
    /// The transpose of `tangent`: maps `[n·q, k, d]` to `[n·h·w, k, d]`.
    fn back(&self, dg: &Tensor, saved: &Saved) -> Result<Tensor> {
        match self.kind {
            PoolKind::Average => mean_pool_backward(dg, self.window),
            PoolKind::Max => {
                let [chosen] = saved.all()?;
                max_pool_backward(dg, chosen, self.window)
            }
        }
    }
}
