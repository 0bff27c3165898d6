//! Multi-head attention of the positions of an example to each other.
//! Does not know how queries, keys and values were made.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::passes::Shape;
use crate::net::passes::{Directions, Forward, Gradients, Kept, Op, Pair, Passes, Primal, Tangent};
use crate::net::twins::twins;

pub use kernel::Mask;
use kernel::{Attended, Geometry, Moved};

twins! {
    fn attention(q: &Tensor, k: &Tensor, v: &Tensor, heads: Geometry) -> (Tensor, Tensor);
    fn attention_backward(g: &Tensor, qkv: [&Tensor; 3], p: &Tensor, heads: Geometry) -> ([Tensor; 3], Tensor);
    fn attention_tangent(p: &Tensor, qkv: [&Tensor; 3], tangents: [Option<&Tensor>; 3], heads: Geometry) -> (Tensor, Tensor);
    fn attention_tangent_backward(g: &Tensor, dg: &Tensor, at: Attended<'_>, along: Moved<'_>, heads: Geometry) -> [Tensor; 3];
}

/// softmax(s·q·kᵀ)·v of every head, s = 1/√(d/heads), or √(d₀/d) of that; reads queries, keys and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attention {
    /// Positions of an example.
    pub positions: usize,
    /// Heads, which share the features equally.
    pub heads: usize,
    /// Which positions a position attends to.
    pub mask: Mask,
    /// d₀, where scores fall with the width d as they do under μP.
    pub base_width: Option<usize>,
}

impl Attention {
    fn heads(&self) -> Geometry {
        Geometry {
            n_positions: self.positions,
            n_heads: self.heads,
            mask: self.mask,
            base_width: self.base_width,
        }
    }
}

/// Queries, keys and values.
fn qkv(at: Primal<'_>) -> [&Tensor; 3] {
    [0, 1, 2].map(|i| at.input(i))
}

/// Their tangents.
fn tangents(along: Directions<'_>) -> [Option<&Tensor>; 3] {
    [0, 1, 2].map(|i| along.input(i))
}

impl Passes for Attention {
    fn label(&self) -> String {
        match self.mask {
            Mask::None => format!("attention, {} heads", self.heads),
            Mask::Causal => format!("causal attention, {} heads", self.heads),
        }
    }

    fn with_scores_from(&self, base_width: usize) -> Option<Op> {
        Some(Op::new(Self { base_width: Some(base_width), ..*self }))
    }

    /// The probabilities of every pair, and what the backward pass adds to them.
    fn extra(&self, output: Shape) -> usize {
        2 * self.heads * output.positions * output.positions
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    /// q·kᵀ and p·v.
    fn products(&self, _: &[Shape], output: Shape) -> usize {
        2 * output.positions * output.len()
    }

    /// Keeps the attention weights.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let [q, k, v] = qkv(at);
        let (value, p) = attention(q, k, v, self.heads())?;
        Ok(Forward::of(value, Kept::of([p])))
    }

    /// Keeps, beside them, the loss's derivatives by them less their mean.
    fn backward(&self, at: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let [p] = kept.all()?;
        let (inputs, c) = attention_backward(g, qkv(at), p, self.heads())?;
        *kept = Kept::of([p.clone(), c]);
        Ok(Gradients { inputs: wanted(at, inputs), params: Vec::new() })
    }

    /// Keeps the tangent of the attention weights.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent> {
        let [p, _] = kept.all()?;
        let (value, dp) = attention_tangent(p, qkv(at), tangents(along), self.heads())?;
        Ok(Tangent { value, kept: Kept::of([dp]) })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let ([p, c], [dp]) = (kept.all()?, along.kept.all()?);
        let primal = Attended { qkv: qkv(at), p, c };
        let moved = Moved { qkv: tangents(along), p: dp };
        let inputs = attention_tangent_backward(g, dg, primal, moved, self.heads())?;
        Ok(Gradients { inputs: wanted(at, inputs), params: Vec::new() })
    }

    #[cfg(test)]
    fn plain(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::plain(*self, inputs)
    }
}

/// The gradients of the inputs that depend on the parameters.
fn wanted(at: Primal<'_>, gradients: [Tensor; 3]) -> Vec<Option<Tensor>> {
    let each = gradients.into_iter().enumerate();
    each.map(|(i, gradient)| at.wants_gradient(i).then_some(gradient)).collect()
}
