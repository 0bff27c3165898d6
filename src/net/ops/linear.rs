//! The linear op y = x·wᵀ, the same at every position.
//! Does not know what follows.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::dispatch as fused;

/// y = x·wᵀ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// Parameter of shape `[outputs, inputs]`.
    pub weight: usize,
}

impl Passes for Linear {
    fn label(&self) -> String {
        "linear".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        vec![self.weight]
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(fused::linear(at.input(0), at.param(self.weight))?, Kept::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let dw = fused::linear_backward_weight(at.input(0), g)?;
        let dx = at.if_wanted(0, || fused::linear_backward_input(g, at.param(self.weight)))?;
        Ok(Gradients { inputs: vec![dx], params: vec![(self.weight, dw)] })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let (w, dw) = (at.param(self.weight), along.param(self.weight));
        let value = fused::linear_tangent(at.input(0), along.input(0), w, dw)?;
        Ok(Tangent { value, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Kept,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let (w, dw) = (at.param(self.weight), along.param(self.weight));
        let ddw = fused::linear_tangent_backward_weight(at.input(0), along.input(0), g, dg)?;
        let ddx = at.if_wanted(0, || fused::linear_tangent_backward_input(g, dg, w, dw))?;
        Ok(Gradients { inputs: vec![ddx], params: vec![(self.weight, ddw)] })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Activation;
    use crate::net::builder::{Builder, Fans};
    use crate::net::oracle;

    #[test]
    fn a_network_of_linear_ops_has_exact_derivatives() {
        let mut net = Builder::new(4);
        let x = net.linear("a", 0, 3);
        let fans = Fans { fan_in: 4, fan_out: 3 };
        let y = net.bias_activation(x, Some(("a", fans)), Activation::Tanh);
        net.linear("b", y, 2);
        let program = net.finish();
        let twin = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
            x.matmul(&w[0].t()?)?.broadcast_add(&w[1])?.tanh()?.matmul(&w[2].t()?)
        };
        oracle::check(&program, None, Some(&twin));
    }
}
