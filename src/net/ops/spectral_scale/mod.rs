//! σReparam (arXiv 2303.06296): multiplies the output of a weight W by γ/σ(W).

#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::net::ops::affine::{
    affine, affine_backward, affine_tangent, affine_tangent_backward, widened,
};
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};
use crate::net::simd::Dual;

/// y = (γ/σ)·x with σ = uᵀWv: maps x = W·h to (γ/σ(W))·W·h.
///
/// v = Wᵀu₀/‖Wᵀu₀‖ and u = Wv/‖Wv‖ are one step of power iteration from the buffered u₀, which u
/// then replaces. All four passes treat u and v as constants.
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

    /// Saves u, v and σ.
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
            saved: Saved::of([u, v, sigma]),
        })
    }

    /// With t = Σ g∘x: ∂L/∂γ = t/σ, ∂L/∂σ = −γt/σ², ∂L/∂W = ∂L/∂σ·uvᵀ; saves t as well.
    fn backward(&self, at: Primal<'_>, saved: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let [u, v, sigma] = saved.all()?;
        let (x, w) = (at.input(0), at.param(self.weight));
        let c = (at.param(self.gain) / sigma)?;
        let (dx, products, _) = affine_backward(g, x, &widened(&c, x)?)?;
        let t = products.sum_keepdim(0)?;
        let dgain = (&t / sigma)?;
        let dsigma = (&dgain * &c)?.neg()?;
        let dw = u.matmul(&v.t()?)?.broadcast_mul(&dsigma)?.reshape(w.shape())?;
        *saved = Saved::of([u.clone(), v.clone(), sigma.clone(), t]);
        let params = vec![(self.weight, dw), (self.gain, dgain)];
        Ok(Gradients { inputs: vec![at.wants_gradient(0).then_some(dx)], params })
    }

    /// With c = γ/σ: dσ = uᵀdWv, dc = (dγ − c·dσ)/σ, dy = c·dx + dc·x; saves dσ and dc.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, saved: &Saved) -> Result<Tangent> {
        let [u, v, sigma, _] = saved.all()?;
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
        Ok(Tangent { value, saved: Saved::of([dsigma, dc]) })
    }

    /// With dt = Σ (dg∘x + g∘dx): d(∂L/∂γ) = (dt − t·dσ/σ)/σ and
    /// d(∂L/∂σ) = −(dγ·t + γ·dt − 2c·t·dσ)/σ².
    fn tangent_backward(
        &self,
        at: Primal<'_>,
        along: Directions<'_>,
        saved: &Saved,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let [u, v, sigma, t] = saved.all()?;
        let [dsigma, dc] = along.saved.all()?;
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
    fn reference(&self, inputs: &[&Tensor], params: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0], params)
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
