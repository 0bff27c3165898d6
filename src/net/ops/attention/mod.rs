//! Multi-head self-attention over the positions of an example.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::dispatch::dispatch;
use crate::net::passes::Shape;
use crate::net::passes::{
    Directions, Forward, Gradients, Op, Pair, Passes, Primal, Saved, Tangent,
};

pub use kernel::Mask;
use kernel::{AttentionSaved, AttentionTangents, Geometry};

dispatch! {
    fn attention(q: &Tensor, k: &Tensor, v: &Tensor, heads: Geometry) -> (Tensor, Tensor);
    fn attention_backward(g: &Tensor, qkv: [&Tensor; 3], p: &Tensor, heads: Geometry) -> ([Tensor; 3], Tensor);
    fn attention_tangent(p: &Tensor, qkv: [&Tensor; 3], tangents: [Option<&Tensor>; 3], heads: Geometry) -> (Tensor, Tensor);
    fn attention_tangent_backward(g: &Tensor, dg: &Tensor, at: AttentionSaved<'_>, along: AttentionTangents<'_>, heads: Geometry) -> [Tensor; 3];
}

/// softmax(s·q·kᵀ)·v per head, with s = 1/√(d/heads), times √(d₀/d) under μP. Inputs: queries, keys
/// and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attention {
    /// Positions per example.
    pub positions: usize,
    /// Heads; they divide the features evenly.
    pub heads: usize,
    /// The attention mask.
    pub mask: Mask,
    /// d₀ of μP's scaling of scores; `None` without it.
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

/// Tangents of queries, keys and values.
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

    fn with_mup_scores(&self, base_width: usize) -> Option<Op> {
        Some(Op::new(Self { base_width: Some(base_width), ..*self }))
    }

    /// Attention weight and centred score gradient of every pair of positions.
    fn extra_scalars(&self, output: Shape) -> usize {
        2 * self.heads * output.positions * output.positions
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    /// Those of q·kᵀ and p·v.
    fn products(&self, _: &[Shape], output: Shape) -> usize {
        2 * output.positions * output.len()
    }

    /// Saves the attention weights.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let [q, k, v] = qkv(at);
        let (value, p) = attention(q, k, v, self.heads())?;
        Ok(Forward::of(value, Saved::of([p])))
    }

    /// Saves ∂L/∂p minus its mean under p as well.
    fn backward(&self, at: Primal<'_>, saved: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let [p] = saved.all()?;
        let (inputs, c) = attention_backward(g, qkv(at), p, self.heads())?;
        *saved = Saved::of([p.clone(), c]);
        Ok(Gradients { inputs: needed(at, inputs), params: Vec::new() })
    }

    /// Saves the tangent of the attention weights.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, saved: &Saved) -> Result<Tangent> {
        let [p, _] = saved.all()?;
        let (value, dp) = attention_tangent(p, qkv(at), tangents(along), self.heads())?;
        Ok(Tangent { value, saved: Saved::of([dp]) })
    }

    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        saved: &Saved,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let ([p, c], [dp]) = (saved.all()?, along.saved.all()?);
        let primal = AttentionSaved { qkv: qkv(at), p, c };
        let tangents = AttentionTangents { qkv: tangents(along), p: dp };
        let inputs = attention_tangent_backward(g, dg, primal, tangents, self.heads())?;
        Ok(Gradients { inputs: needed(at, inputs), params: Vec::new() })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs)
    }
}

/// Drops the gradients of inputs that do not depend on the parameters.
fn needed(at: Primal<'_>, gradients: [Tensor; 3]) -> Vec<Option<Tensor>> {
    let each = gradients.into_iter().enumerate();
    each.map(|(i, gradient)| at.wants_gradient(i).then_some(gradient)).collect()
}
