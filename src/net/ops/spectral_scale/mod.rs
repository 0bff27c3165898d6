//! The factor γ/σ(W) of a reparametrised weight, applied to what the weight gave (arXiv 2303.06296).
//! Does not know whether W stands in a product or a convolution.

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::ops::affine::{
    affine, affine_backward, affine_tangent, affine_tangent_backward, widened,
};
use crate::net::passes::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::simd::Dual;

/// y = (γ/σ)·x with σ = uᵀWv, so that x = W·h becomes (γ/σ(W))·W·h.
///
/// v = Wᵀu₀/‖Wᵀu₀‖ and u = Wv/‖Wv‖ are one step of the power iteration from the u₀ of the buffer,
/// which takes u. They count as constants when W is differentiated, in all four passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpectralScale {
    /// Parameter W of shape `[outputs, ..]`.
    pub weight: usize,
    /// Parameter γ of shape `[1]`.
    pub gain: usize,
    /// Buffer u of shape `[outputs]`.
    pub left: usize,
}

impl Passes for SpectralScale {
    fn label(&self) -> String {
        "÷ σ(W)".to_owned()
    }

    fn params(&self) -> Vec<usize> {
        vec![self.weight, self.gain]
    }

    fn divisor(&self) -> Option<usize> {
        Some(self.weight)
    }

    /// Keeps u, v and σ.
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let w = at.param(self.weight).flatten_from(1)?;
        let v = unit(&w.t()?.matmul(&at.state.buffers[self.left].unsqueeze(1)?)?)?;
        let wv = w.matmul(&v)?;
        let (u, sigma) = (unit(&wv)?, norm(&wv)?);
        let x = at.input(0);
        let gain = widened(&(at.param(self.gain) / &sigma)?, x)?;
        Ok(Forward {
            value: affine(x, &gain, &gain.zeros_like()?)?,
            buffers: vec![(self.left, u.squeeze(1)?)],
            kept: Kept::of([u, v, sigma]),
        })
    }

    /// With t = Σ g∘x: ∂L/∂γ = t/σ, ∂L/∂σ = −γt/σ², ∂L/∂W = ∂L/∂σ·uvᵀ; keeps t too.
    fn backward(&self, at: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let [u, v, sigma] = kept.all()?;
        let (x, w) = (at.input(0), at.param(self.weight));
        let c = (at.param(self.gain) / sigma)?;
        let (dx, products, _) = affine_backward(g, x, &widened(&c, x)?)?;
        let t = products.sum_keepdim(0)?;
        let dgain = (&t / sigma)?;
        let dsigma = (&dgain * &c)?.neg()?;
        let dw = u.matmul(&v.t()?)?.broadcast_mul(&dsigma)?.reshape(w.shape())?;
        *kept = Kept::of([u.clone(), v.clone(), sigma.clone(), t]);
        let params = vec![(self.weight, dw), (self.gain, dgain)];
        Ok(Gradients { inputs: vec![at.wants_gradient(0).then_some(dx)], params })
    }

    /// With c = γ/σ: dσ = uᵀdWv, dc = (dγ − c·dσ)/σ, dy = c·dx + dc·x; keeps dσ and dc.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent> {
        let [u, v, sigma, _] = kept.all()?;
        let (x, dw) = (at.input(0), along.param(self.weight));
        let (k, n_outputs) = (along.k, u.dim(0)?);
        let dwv = dw.reshape((k * n_outputs, ()))?.matmul(v)?.reshape((k, n_outputs))?;
        let dsigma = dwv.matmul(u)?;
        let c = (at.param(self.gain) / sigma)?;
        let dc = (along.param(self.gain) - dsigma.broadcast_mul(&c)?)?.broadcast_div(sigma)?;
        let (gain, dgain) = (widened(&c, x)?, widened(&dc, x)?);
        let no_shift = dgain.zeros_like()?;
        let value =
            affine_tangent(x, along.input(0), Dual { value: &gain, tangent: &dgain }, &no_shift)?;
        Ok(Tangent { value, kept: Kept::of([dsigma, dc]) })
    }

    /// With dt = Σ (dg∘x + g∘dx): d(∂L/∂γ) = (dt − t·dσ/σ)/σ and
    /// d(∂L/∂σ) = −(dγ·t + γ·dt − 2c·t·dσ)/σ².
    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let [u, v, sigma, t] = kept.all()?;
        let [dsigma, dc] = along.kept.all()?;
        let (x, dw) = (at.input(0), along.param(self.weight));
        let (gamma, dgamma) = (at.param(self.gain), along.param(self.gain));
        let c = (gamma / sigma)?;
        let (gain, dgain) = (widened(&c, x)?, widened(dc, x)?);
        let gains = Dual { value: &gain, tangent: &dgain };
        let (ddx, products, _) = affine_tangent_backward(dg, g, x, along.input(0), gains)?;
        let dt = products.sum_keepdim(1)?;
        let shrunk = dsigma.broadcast_mul(&(t / sigma)?)?;
        let ddgain = (&dt - &shrunk)?.broadcast_div(sigma)?;
        let first = (dgamma.broadcast_mul(t)? + dt.broadcast_mul(gamma)?)?;
        let twice = (shrunk.broadcast_mul(gamma)? * 2.0)?;
        let ddsigma = (twice - first)?.broadcast_div(&sigma.sqr()?)?;
        let outer = u.matmul(&v.t()?)?.unsqueeze(0)?;
        let ddw = outer.broadcast_mul(&ddsigma.unsqueeze(2)?)?.reshape(dw.shape())?;
        let params = vec![(self.weight, ddw), (self.gain, ddgain)];
        Ok(Gradients { inputs: vec![at.wants_gradient(0).then_some(ddx)], params })
    }

    #[cfg(test)]
    fn plain(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::plain(*self, inputs[0], params)
    }
}

/// Euclidean norm of a column, of shape `[1]`.
fn norm(x: &Tensor) -> Result<Tensor> {
    x.sqr()?.sum_all()?.sqrt()?.reshape(1)
}

/// A column divided by its norm.
fn unit(x: &Tensor) -> Result<Tensor> {
    x.broadcast_div(&norm(x)?)
}
