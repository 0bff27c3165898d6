//! The sum of two values, y = x₁ + x₂.
//! Does not know that one of them may be a residual branch.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::dispatch as fused;

/// y = x₁ + x₂; both may be the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add;

impl Passes for Add {
    fn label(&self) -> String {
        "sum".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(fused::add(at.input(0), at.input(1))?, Kept::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        Ok(to_both(at, g))
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
        Ok(to_both(at, dg))
    }
}

/// The output's gradient, or its tangents, are those of each input.
fn to_both(at: Primal<'_>, g: &Tensor) -> Gradients {
    let input = |i| at.wants_gradient(i).then(|| g.clone());
    Gradients { inputs: vec![input(0), input(1)], params: Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::config::Activation;
    use crate::net::builder::Builder;
    use crate::net::oracle;

    #[test]
    fn a_residual_network_has_exact_derivatives() {
        let mut net = Builder::new(3);
        let x = net.linear("a", 0, 3);
        let skip = net.add(0, x);
        let x = net.bias_activation(skip, None, Activation::Tanh);
        let x = net.linear("b", x, 3);
        let x = net.add(x, skip);
        let x = net.add(x, x);
        net.linear("c", x, 2);
        let twin = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
            let skip = (x + x.matmul(&w[0].t()?)?)?;
            let x = (skip.tanh()?.matmul(&w[1].t()?)? + &skip)?;
            (&x + &x)?.matmul(&w[2].t()?)
        };
        oracle::check(&net.finish(), None, Some(&twin));
    }
}
