//! Standardises groups of features within each row to mean 0 and variance 1: layer norm of a token.

pub(crate) mod composed;
mod kernel;
mod sets;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor, bail};

use crate::net::dispatch::dispatch;
use crate::net::passes::Shape;
use crate::net::passes::{Directions, Forward, Gradients, Pair, Passes, Primal, Saved, Tangent};
use crate::net::simd::Dual;

pub(crate) use kernel::{Means, Projected, Standardised};
pub(crate) use sets::Sets;

/// ε, as everywhere in `PyTorch`.
pub(crate) const EPSILON: f64 = 1e-5;

dispatch! {
    fn standardise(x: &Tensor, width: usize, epsilon: f64) -> Standardised;
    fn standardise_project(v: &Tensor, hat: &Tensor, scale: &Tensor, width: usize) -> Projected;
    fn standardise_tangent_backward(dg: &Tensor, g: &Tensor, hat: Dual<'_>, means: Means<'_>, width: usize) -> Tensor;
}

/// x̂ = (x − μ)/√(σ² + ε) with the mean and population variance of each of `groups` groups of
/// consecutive features of a row, through which gradients flow; one group is layer norm (arXiv
/// 1607.06450).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standardise {
    /// Number of groups; divides the number of features.
    pub groups: usize,
}

impl Standardise {
    /// Features per group.
    fn width(self, x: &Tensor) -> Result<usize> {
        let (n, d) = x.dims2()?;
        if self.groups == 0 || d % self.groups != 0 {
            bail!("{n} × {d} values cannot be divided into sets of 1 × {d}/{}", self.groups);
        }
        Ok(d / self.groups)
    }
}

impl Passes for Standardise {
    fn label(&self) -> String {
        match self.groups {
            1 => "layer norm".to_owned(),
            groups => format!("norm of each of {groups} heads"),
        }
    }

    fn params(&self) -> Vec<usize> {
        Vec::new()
    }

    fn products(&self, _: &[Shape], output: Shape) -> usize {
        output.len()
    }

    /// Saves x̂ and s = 1/√(σ² + ε).
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let x = at.input(0);
        let found = standardise(x, self.width(x)?, EPSILON)?;
        let saved = Saved::of([found.value.clone(), found.scale]);
        Ok(Forward::of(found.value, saved))
    }

    /// ∂L/∂x = s·(g − mean g − x̂·mean(x̂∘g)); saves the two means as well.
    fn backward(&self, _: Primal<'_>, saved: &mut Saved, g: &Tensor) -> Result<Gradients> {
        let [hat, scale] = saved.all()?;
        let width = self.width(hat)?;
        let Projected { value, mean, overlap } =
            standardise_project(&g.unsqueeze(1)?, hat, scale, width)?;
        *saved = Saved::of([hat.clone(), scale.clone(), mean.squeeze(1)?, overlap.squeeze(1)?]);
        Ok(Gradients { inputs: vec![Some(value.squeeze(1)?)], params: Vec::new() })
    }

    /// dx̂ = s·(dx − mean dx − x̂·mean(x̂∘dx)), since ds = −s²·mean(x̂∘dx); saves dx̂ and
    /// mean(x̂∘dx).
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, saved: &Saved) -> Result<Tangent> {
        let [hat, scale, ..]: &[Tensor; 4] = saved.all()?;
        let dx = along.input_or_zeros(0, at.input(0))?;
        let found = standardise_project(&dx, hat, scale, self.width(hat)?)?;
        let saved = Saved::of([found.value.clone(), found.overlap]);
        Ok(Tangent { value: found.value, saved })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        along: Directions<'_>,
        saved: &Saved,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let [hat, scale, gradient, overlap] = saved.all()?;
        let [dhat, tangent] = along.saved.all()?;
        let means = Means { scale, gradient, overlap, tangent };
        let width = self.width(hat)?;
        let ddx =
            standardise_tangent_backward(dg, g, Dual { value: hat, tangent: dhat }, means, width)?;
        Ok(Gradients { inputs: vec![Some(ddx)], params: Vec::new() })
    }

    #[cfg(test)]
    fn reference(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::reference(*self, inputs[0])
    }
}
