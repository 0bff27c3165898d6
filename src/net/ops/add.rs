//! The sum of two values, as where a residual branch joins its stream.
//! Does not know what they are.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::dispatch as fused;

/// y = a + b.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add;

impl Passes for Add {
    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(fused::add(at.input(0), at.input(1))?, Kept::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        Ok(Gradients { inputs: both(at, g), params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let value = match (along.input(0), along.input(1)) {
            (Some(a), Some(b)) => fused::add(a, b)?,
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => along.input_or_zeros(0, at.input(0))?,
        };
        Ok(Tangent { value, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        _: Directions<'_>,
        _: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        Ok(Gradients { inputs: both(at, dg), params: Vec::new() })
    }
}

/// The same gradient for both inputs, where wanted.
fn both(at: Primal<'_>, g: &Tensor) -> Vec<Option<Tensor>> {
    [0, 1].map(|i| at.wants_gradient(i).then(|| g.clone())).into()
}

#[cfg(test)]
mod tests {
    use candle_core::Tensor;

    use crate::config::Activation;
    use crate::net::builder::Builder;
    use crate::net::oracle;

    #[test]
    fn a_sum_with_the_batch_or_with_itself_has_exact_derivatives() {
        let mut net = Builder::new(3);
        let x = net.linear("a", 0, 3);
        let x = net.add(0, x);
        let x = net.add(x, x);
        let y = net.bias_activation(x, None, Activation::Tanh);
        let y = net.add(y, x);
        net.linear("b", y, 2);
        let twin = |w: &[Tensor], x: &Tensor| {
            let x = ((x + x.matmul(&w[0].t()?)?)? * 2.0)?;
            (x.tanh()? + x)?.matmul(&w[1].t()?)
        };
        oracle::check(&net.finish(), None, Some(&twin));
    }
}
