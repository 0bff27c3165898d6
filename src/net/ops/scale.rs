//! A value times a constant, y = c·x.
//! Does not know why.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::program::Shape;

/// y = c·x with a constant that is not trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// As bits, so that equal ops are equal.
    factor: u64,
}

impl Scale {
    /// c.
    #[must_use]
    pub fn by(factor: f64) -> Self {
        Self { factor: factor.to_bits() }
    }

    /// c.
    #[must_use]
    pub fn factor(self) -> f64 {
        f64::from_bits(self.factor)
    }

    /// The same in all four passes, from the value or gradient to that of the other side.
    fn of(self, x: &Tensor) -> Result<Tensor> {
        x * self.factor()
    }
}

impl Passes for Scale {
    fn label(&self) -> String {
        format!("× {}", self.factor())
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn products(&self, _: &[Shape], output: Shape) -> usize {
        output.len()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(self.of(at.input(0))?, Kept::none()))
    }

    fn backward(&self, _: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.of(g)?)], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let value = self.of(&along.input_or_zeros(0, at.input(0))?)?;
        Ok(Tangent { value, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        _: Directions<'_>,
        _: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        Ok(Gradients { inputs: vec![Some(self.of(dg)?)], params: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Activation;
    use crate::net::builder::Builder;
    use crate::net::oracle;

    #[test]
    fn a_branch_times_a_constant_has_exact_derivatives() {
        let mut net = Builder::new(3);
        let skip = net.linear("a", 0, 3);
        let x = net.bias_activation(skip, None, Activation::Tanh);
        let x = net.scale(x, -0.3);
        let x = net.add(x, skip);
        net.linear("b", x, 2);
        let twin = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
            let skip = x.matmul(&w[0].t()?)?;
            (&skip + (skip.tanh()? * -0.3)?)?.matmul(&w[1].t()?)
        };
        oracle::check(&net.finish(), None, Some(&twin));
    }
}
