//! The same numbers of an example as another number of positions: y = x, row by row.
//! Does not know what the positions are.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::program::Shape;

/// `[n·p, d]` as `[n·p′, d′]` with p·d = p′·d′.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reshape {
    /// p and d.
    pub from: Shape,
    /// p′ and d′.
    pub to: Shape,
}

impl Passes for Reshape {
    fn label(&self) -> String {
        if self.to.positions == 1 { "flatten" } else { "as pixels" }.to_owned()
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

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of(at.input(0).reshape(((), self.to.features))?, Kept::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let dx = at.if_wanted(0, || g.reshape(((), self.from.features)))?;
        Ok(Gradients { inputs: vec![dx], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        Ok(Tangent { value: regrouped(&dx, self.from, self.to)?, kept: Kept::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        _: Directions<'_>,
        _: &Kept,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let ddx = at.if_wanted(0, || regrouped(dg, self.to, self.from))?;
        Ok(Gradients { inputs: vec![ddx], params: Vec::new() })
    }
}

/// Tangents `[n·p, k, d]` as `[n·p′, k, d′]`: the numbers of one direction keep their order.
fn regrouped(tangents: &Tensor, from: Shape, to: Shape) -> Result<Tensor> {
    let (_, k, _) = tangents.dims3()?;
    let by_direction = if from.positions == 1 || k == 1 {
        tangents.reshape(((), k, from.len()))?
    } else {
        let split = tangents.reshape(((), from.positions, k, from.features))?;
        split.transpose(1, 2)?.contiguous()?.reshape(((), k, from.len()))?
    };
    if to.positions == 1 || k == 1 {
        by_direction.reshape(((), k, to.features))
    } else {
        let split = by_direction.reshape(((), k, to.positions, to.features))?;
        split.transpose(1, 2)?.contiguous()?.reshape(((), k, to.features))
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Tensor;

    use crate::config::Activation;
    use crate::net::builder::Builder;
    use crate::net::oracle;

    #[test]
    fn networks_that_change_their_positions_have_exact_derivatives() {
        let mut net = Builder::new(12);
        let x = net.reshape(0, 4);
        let x = net.linear("a", x, 2);
        let x = net.bias_activation(x, None, Activation::Tanh);
        let x = net.reshape(x, 1);
        let x = net.linear("b", x, 12);
        let x = net.reshape(x, 3);
        let x = net.bias_activation(x, None, Activation::Tanh);
        let x = net.reshape(x, 2);
        assert_eq!(net.reshape(x, 2), x, "nothing to do, no op");
        net.linear("c", x, 3);
        let twin = |w: &[Tensor], x: &Tensor| {
            let x = x.reshape(((), 3))?.matmul(&w[0].t()?)?.tanh()?;
            let x = x.reshape(((), 8))?.matmul(&w[1].t()?)?.tanh()?;
            x.reshape(((), 6))?.matmul(&w[2].t()?)
        };
        oracle::check(&net.finish(), None, Some(&twin));
    }
}
