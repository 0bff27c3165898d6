//! The elementwise product of two values, y = x₁∘x₂.
//! Does not know that one of them may be a gate.

use candle_core::{Result, Tensor};

use super::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::dispatch as fused;
use crate::net::program::Shape;

/// y = x₁∘x₂; both may be the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiply;

impl Passes for Multiply {
    fn label(&self) -> String {
        "product".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn products(&self, _: &[Shape], output: Shape) -> usize {
        output.len()
    }

    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        Ok(Forward::of((at.input(0) * at.input(1))?, Kept::none()))
    }

    /// ∂L/∂x₁ = g∘x₂, ∂L/∂x₂ = g∘x₁.
    fn backward(&self, at: Primal<'_>, _: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let inputs =
            vec![at.if_wanted(0, || g * at.input(1))?, at.if_wanted(1, || g * at.input(0))?];
        Ok(Gradients { inputs, params: Vec::new() })
    }

    /// dy = dx₁∘x₂ + dx₂∘x₁.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, _: &Kept) -> Result<Tangent> {
        let parts = [(along.input(0), at.input(1)), (along.input(1), at.input(0))];
        let mut parts = parts.into_iter().filter_map(|(d, x)| d.map(|d| (d, x)));
        let value = match (parts.next(), parts.next()) {
            (Some(first), second) => fused::products(first.0, first.1, second)?,
            (None, _) => along.input_or_zeros(0, at.input(0))?,
        };
        Ok(Tangent { value, kept: Kept::none() })
    }

    /// d(∂L/∂x₁) = dg∘x₂ + dx₂∘g, d(∂L/∂x₂) = dg∘x₁ + dx₁∘g.
    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        _: &Kept,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let of = |i: usize, other: usize| {
            let second = along.input(other).map(|d| (d, g));
            at.if_wanted(i, || fused::products(dg, at.input(other), second))
        };
        Ok(Gradients { inputs: vec![of(0, 1)?, of(1, 0)?], params: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Activation;
    use crate::net::builder::Builder;
    use crate::net::oracle;

    #[test]
    fn a_gated_network_has_exact_derivatives() {
        let mut net = Builder::new(3);
        let a = net.linear("a", 0, 3);
        let gate = net.bias_activation(a, None, Activation::Tanh);
        let x = net.multiply(a, gate);
        let x = net.multiply(0, x);
        let x = net.multiply(x, x);
        net.linear("b", x, 2);
        let twin = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
            let a = x.matmul(&w[0].t()?)?;
            let x = (x * (&a * a.tanh()?)?)?;
            (&x * &x)?.matmul(&w[1].t()?)
        };
        oracle::check(&net.finish(), None, Some(&twin));
    }
}
