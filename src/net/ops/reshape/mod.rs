//! Reshapes an example to another number of positions, in row-major order.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::passes::Shape;
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};

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
        Ok(Forward::of(at.input(0).reshape(((), self.to.features))?, Saved::none()))
    }

    fn backward(&self, at: Primal<'_>, _: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let dx = at.if_wanted(0, || g.reshape(((), self.from.features)))?;
        Ok(Gradients { inputs: vec![dx], params: Vec::new() })
    }

    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Saved) -> Result<Tangent> {
        let dx = along.input_or_zeros(0, at.input(0))?;
        Ok(Tangent { value: regrouped(&dx, self.from, self.to)?, saved: Saved::none() })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        _: Directions<'_>,
        _: &Saved,
        Pair { dg, .. }: Pair<'_>,
    ) -> Result<Gradients> {
        let ddx = at.if_wanted(0, || regrouped(dg, self.to, self.from))?;
        Ok(Gradients { inputs: vec![ddx], params: Vec::new() })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0])
    }
}

/// Reshapes tangents `[n·p, k, d]` to `[n·p′, k, d′]`, preserving the order within each direction.
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
