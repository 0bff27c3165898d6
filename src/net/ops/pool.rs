//! Means or maxima over windows of every image, channel by channel.
//! Does not know what follows.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::config::PoolKind;
use crate::net::dispatch as fused;
use crate::net::window::{Image, Window};

/// Pooling without padding; the positions of x are the pixels of the window's image row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// What is taken of a window; of several equal maxima the first.
    pub kind: PoolKind,
    /// Where it stands.
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

    /// Keeps which pixels are the maxima.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(match self.kind {
            PoolKind::Average => {
                Forward::of(fused::mean_pool(at.input(0), self.window)?, Kept::none())
            }
            PoolKind::Max => {
                let (value, chosen) = fused::max_pool(at.input(0), self.window)?;
                Forward::of(value, Kept::of([chosen]))
            }
        })
    }

    fn backward(&self, at: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let dx = at.if_wanted(0, || self.back(&g.unsqueeze(1)?, kept)?.squeeze(1))?;
        Ok(Gradients { inputs: vec![dx], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        let value = match self.kind {
            PoolKind::Average => fused::mean_pool(&dx, self.window)?,
            PoolKind::Max => {
                let [chosen] = kept.all()?;
                fused::max_pool_tangent(&dx, chosen, self.window)?
            }
        };
        Ok(Tangent { value, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        _: Directions<'_>,
        kept: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let ddx = at.if_wanted(0, || self.back(dg, kept))?;
        Ok(Gradients { inputs: vec![ddx], params: Vec::new() })
    }
}

impl Pool {
    /// The transpose of what it does to tangents: `[n·q, k, d]` to `[n·h·w, k, d]`.
    fn back(&self, dg: &Tensor, kept: &Kept) -> Result<Tensor> {
        match self.kind {
            PoolKind::Average => fused::mean_pool_backward(dg, self.window),
            PoolKind::Max => {
                let [chosen] = kept.all()?;
                fused::max_pool_backward(dg, chosen, self.window)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Result, Tensor};

    use super::PoolKind;
    use crate::config::Activation;
    use crate::net::builder::Builder;
    use crate::net::oracle::{self, Twin};
    use crate::net::program::Program;
    use crate::net::window::{Image, Window};

    const CHANNELS: usize = 3;

    fn window(image: (usize, usize), kernel: (usize, usize), stride: usize) -> Window {
        let [image, kernel] = [image, kernel].map(|(height, width)| Image { height, width });
        Window { image, kernel, stride, padding: 0 }
    }

    /// A linear layer with tanh at every pixel, a pool, and a linear layer to two outputs.
    fn program(kind: PoolKind, window: Window) -> Program {
        let mut net = Builder::new(window.image.positions() * 2);
        let x = net.reshape(0, window.image.positions());
        let x = net.linear("a", x, CHANNELS);
        let x = net.bias_activation(x, None, Activation::Tanh);
        let (x, _) = net.pool(x, kind, window);
        let x = net.reshape(x, 1);
        net.linear("b", x, 2);
        net.finish()
    }

    /// The same from candle's operations: the pool by `pooled`, from `[n, c, h, w]` to `[n, c, h′, w′]`.
    fn check(kind: PoolKind, window: Window, pooled: &dyn Fn(&Tensor) -> Result<Tensor>) {
        let Image { height, width } = window.image;
        let twin: Twin<'_> = &|w, x| {
            let x = x.reshape(((), 2))?.matmul(&w[0].t()?)?.tanh()?;
            let x =
                x.reshape(((), height, width, CHANNELS))?.permute((0, 3, 1, 2))?.contiguous()?;
            let y = pooled(&x)?.permute((0, 2, 3, 1))?.contiguous()?.flatten_from(1)?;
            y.matmul(&w[1].t()?)
        };
        oracle::check(&program(kind, window), None, Some(twin));
    }

    /// What `taken` makes of the numbers `[n, c, 1, 1, kh·kw]` of every window.
    fn by_windows(
        x: &Tensor,
        window: Window,
        taken: impl Fn(&Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let (kernel, output) = (window.kernel, window.output());
        let row = |y: usize| {
            let place = |i: usize| {
                let x = x.narrow(2, y * window.stride, kernel.height)?;
                let x = x.narrow(3, i * window.stride, kernel.width)?.contiguous()?;
                taken(&x.flatten_from(2)?)?.unsqueeze(2)?.unsqueeze(3)
            };
            Tensor::cat(&(0..output.width).map(place).collect::<Result<Vec<_>>>()?, 3)
        };
        Tensor::cat(&(0..output.height).map(row).collect::<Result<Vec<_>>>()?, 2)
    }

    #[test]
    fn means_have_exact_derivatives() {
        check(PoolKind::Average, window((4, 6), (2, 2), 2), &|x| x.avg_pool2d(2));
        check(PoolKind::Average, window((5, 3), (5, 3), 1), &|x| {
            x.flatten_from(2)?.mean(2)?.unsqueeze(2)?.unsqueeze(3)
        });
        for window in
            [window((5, 7), (3, 3), 2), window((5, 4), (2, 3), 1), window((7, 7), (2, 2), 3)]
        {
            check(PoolKind::Average, window, &|x| by_windows(x, window, |x| x.mean(2)));
        }
    }

    #[test]
    fn maxima_have_exact_derivatives() {
        for window in
            [window((4, 6), (2, 2), 2), window((5, 7), (3, 3), 2), window((5, 4), (2, 3), 1)]
        {
            check(PoolKind::Max, window, &|x| by_windows(x, window, |x| x.max(2)));
        }
    }
}
