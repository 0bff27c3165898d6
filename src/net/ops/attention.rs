//! Multi-head attention of the positions of an example to each other.
//! Does not know how queries, keys and values were made.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::dispatch as fused;
use crate::net::kernels::{Attended, Geometry, Mask, Moved};
use crate::net::program::Shape;

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
        let (value, p) = fused::attention(q, k, v, self.heads())?;
        Ok(Forward::of(value, Kept::of([p])))
    }

    /// Keeps, beside them, the loss's derivatives by them less their mean.
    fn backward(&self, at: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let [p] = kept.all()?;
        let (inputs, c) = fused::attention_backward(g, qkv(at), p, self.heads())?;
        *kept = Kept::of([p.clone(), c]);
        Ok(Gradients { inputs: wanted(at, inputs), params: Vec::new() })
    }

    /// Keeps the tangent of the attention weights.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent> {
        let [p, _] = kept.all()?;
        let (value, dp) = fused::attention_tangent(p, qkv(at), tangents(along), self.heads())?;
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
        let inputs = fused::attention_tangent_backward(g, dg, primal, moved, self.heads())?;
        Ok(Gradients { inputs: wanted(at, inputs), params: Vec::new() })
    }
}

/// The gradients of the inputs that depend on the parameters.
fn wanted(at: Primal<'_>, gradients: [Tensor; 3]) -> Vec<Option<Tensor>> {
    let each = gradients.into_iter().enumerate();
    each.map(|(i, gradient)| at.wants_gradient(i).then_some(gradient)).collect()
}

#[cfg(test)]
mod tests {
    use crate::net::window::Image;
    use candle_core::{D, Device, Result, Tensor};

    use super::super::Patches;
    use super::Mask;
    use crate::config::Loss;
    use crate::net::builder::Builder;
    use crate::net::objective::{Batch, Objective};
    use crate::net::oracle;

    /// Features of a position of the batch.
    const C: usize = 3;

    /// A network whose batch is `t` positions of C numbers each, and that value.
    fn begin(t: usize) -> (Builder, usize) {
        let mut net = Builder::new(t * C);
        let column = Patches {
            image: Image { height: t, width: 1 },
            channels: C,
            size: Image { height: 1, width: 1 },
        };
        let x = net.patches(0, column);
        (net, x)
    }

    /// Attention of one example and head after the other, from candle's primitives.
    fn attention(qkv: [&Tensor; 3], t: usize, heads: usize, mask: Mask) -> Result<Tensor> {
        let (n_rows, d) = qkv[0].dims2()?;
        let width = d / heads;
        let hidden = (0..t * t).map(|i| if i % t > i / t { -1e30 } else { 0.0 }).collect();
        let hidden = Tensor::from_vec(hidden, (t, t), &Device::Cpu)?;
        let mut examples = Vec::new();
        for example in 0..n_rows / t {
            let mut outputs = Vec::new();
            for head in 0..heads {
                let part = |x: &Tensor| {
                    x.narrow(0, example * t, t)?.narrow(1, head * width, width)?.contiguous()
                };
                let (q, k, v) = (part(qkv[0])?, part(qkv[1])?, part(qkv[2])?);
                let z = (q.matmul(&k.t()?)? / (width as f64).sqrt())?;
                let z = if mask == Mask::Causal { (z + &hidden)? } else { z };
                outputs.push(candle_nn::ops::softmax(&z, D::Minus1)?.matmul(&v)?);
            }
            examples.push(Tensor::cat(&outputs, 1)?);
        }
        Tensor::cat(&examples, 0)
    }

    #[test]
    fn attention_has_exact_derivatives() {
        for (t, heads, mask) in [
            (1, 1, Mask::None),
            (4, 1, Mask::None),
            (4, 2, Mask::None),
            (4, 1, Mask::Causal),
            (5, 2, Mask::Causal),
        ] {
            let (mut net, x) = begin(t);
            let [q, k, v] = ["q", "k", "v"].map(|layer| net.linear(layer, x, 4));
            let y = net.attention((q, k, v), heads, mask);
            net.linear("out", y, 3);
            let twin = |w: &[Tensor], x: &Tensor| {
                let x = x.reshape(((), C))?;
                let [q, k, v] = [0, 1, 2].map(|i| x.matmul(&w[i].t()?));
                attention([&q?, &k?, &v?], t, heads, mask)?.matmul(&w[3].t()?)
            };
            oracle::check(&net.finish(), None, Some(&twin));
        }
    }

    #[test]
    fn attention_may_read_one_value_twice_and_the_batch_itself() {
        for mask in [Mask::None, Mask::Causal] {
            for order in [[1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1]] {
                let (mut net, x) = begin(4);
                let inner = net.linear("inner", x, C);
                let [q, k, v] = order.map(|which| [x, inner][which]);
                let y = net.attention((q, k, v), 1, mask);
                net.linear("out", y, 2);
                let twin = |w: &[Tensor], x: &Tensor| {
                    let x = x.reshape(((), C))?;
                    let inner = x.matmul(&w[0].t()?)?;
                    let qkv = order.map(|which| [&x, &inner][which]);
                    attention(qkv, 4, 1, mask)?.matmul(&w[1].t()?)
                };
                oracle::check(&net.finish(), None, Some(&twin));
            }
        }
    }

    #[test]
    fn a_later_token_changes_no_earlier_output_gradient_or_product_where_attention_is_causal() {
        let (vocabulary, t, n_seen) = (5, 6, 3);
        for mask in [Mask::Causal, Mask::None] {
            let mut net = Builder::new(t);
            let tokens = net.embedding("tokens", 0, vocabulary, 4);
            let x = net.positions("positions", tokens);
            let [q, k, v] = ["q", "k", "v"].map(|layer| net.linear(layer, x, 4));
            let y = net.attention((q, k, v), 2, mask);
            let seen = net.take(y, 0, n_seen);
            net.linear("out", seen, 2);
            let program = net.finish();
            let params = oracle::tensor(&[program.n_params()], 0.1);
            let block = oracle::tensor(&[2, program.n_params()], 0.2);
            let objective = Objective::new(program, Loss::Mse, 1).unwrap();
            let of = |token: f64| {
                let inputs = Tensor::new(&[[1.0, 4.0, 0.0, token, 2.0, token]], &Device::Cpu);
                let targets = oracle::tensor(&[1, n_seen * 2], 0.3);
                let batch = Batch { inputs: inputs.unwrap(), targets };
                let at = objective.linearize(&params, &[], &batch).unwrap();
                let products = crate::net::widen(&at.hvp(&block).unwrap()).unwrap();
                (at.score(), at.wide_gradient().unwrap(), products)
            };
            assert_eq!(of(1.0) == of(3.0), mask == Mask::Causal);
        }
    }

    #[test]
    fn heads_that_do_not_divide_the_features_are_an_error() {
        let (mut net, x) = begin(4);
        let y = net.linear("x", x, 4);
        net.attention((y, y, y), 3, Mask::None);
        let program = net.finish();
        let params = oracle::tensor(&[program.n_params()], 0.1);
        let objective = Objective::new(program, Loss::Mse, 1).unwrap();
        let batch =
            Batch { inputs: oracle::tensor(&[2, 12], 0.2), targets: oracle::tensor(&[2, 16], 0.3) };
        let error = objective.linearize(&params, &[], &batch).unwrap_err().to_string();
        assert!(error.contains("features in 3 heads of one size, got 8 rows of 4"), "{error}");
    }
}
