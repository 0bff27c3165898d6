//! Some positions of each example, one after the other.
//! Does not know what they hold.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};

/// Positions from `first` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// The first one kept, from 0.
    pub first: usize,
    /// How many are kept.
    pub count: usize,
    /// How many there are.
    pub of: usize,
}

impl Passes for Take {
    fn label(&self) -> String {
        format!("last {}", self.count)
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(self.cut(at.input(0))?, Kept::none()))
    }

    fn backward(&self, _: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.put_back(g)?)], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        Ok(Tangent { value: self.cut(&dx)?, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        _: Directions<'_>,
        _: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.put_back(dg)?)], params: Vec::new() })
    }
}

impl Take {
    /// The rows that are kept, of values or tangents.
    fn cut(&self, x: &Tensor) -> Result<Tensor> {
        let rows = x.dims().split_first().map_or(&[][..], |(_, rest)| rest);
        let kept = x.reshape(((), self.of, rows.iter().product()))?;
        let kept = kept.narrow(1, self.first, self.count)?.contiguous()?;
        let n_rows = kept.dim(0)? * self.count;
        kept.reshape([&[n_rows], rows].concat())
    }

    /// The same rows in their places among zeros.
    fn put_back(&self, g: &Tensor) -> Result<Tensor> {
        let rows = g.dims().split_first().map_or(&[][..], |(_, rest)| rest);
        let kept = g.reshape(((), self.count, rows.iter().product()))?;
        let all = kept.pad_with_zeros(1, self.first, self.of - self.first - self.count)?;
        let n_rows = all.dim(0)? * self.of;
        all.contiguous()?.reshape([&[n_rows], rows].concat())
    }
}

#[cfg(test)]
mod tests {
    use crate::net::window::Image;
    use candle_core::Tensor;

    use super::super::Patches;
    use crate::config::Activation;
    use crate::net::builder::Builder;
    use crate::net::oracle;

    #[test]
    fn taking_positions_and_averaging_over_them_have_exact_derivatives() {
        for (first, count) in [(0, 2), (1, 3), (3, 2), (0, 5)] {
            for is_averaged in [false, true] {
                let mut net = Builder::new(15);
                let column = Patches {
                    image: Image { height: 5, width: 1 },
                    channels: 3,
                    size: Image { height: 1, width: 1 },
                };
                let x = net.patches(0, column);
                let x = net.linear("a", x, 2);
                let mut x = net.take(x, first, count);
                if is_averaged {
                    x = net.mean_positions(x);
                }
                let x = net.bias_activation(x, None, Activation::Tanh);
                net.linear("b", x, 2);
                let twin = |w: &[Tensor], x: &Tensor| {
                    let x = x.reshape((25, 3))?.matmul(&w[0].t()?)?.reshape((5, 5, 2))?;
                    let x = x.narrow(1, first, count)?;
                    let x = if is_averaged { x.mean_keepdim(1)? } else { x };
                    x.tanh()?.reshape(((), 2))?.matmul(&w[1].t()?)
                };
                oracle::check(&net.finish(), None, Some(&twin));
            }
        }
    }
}
