//! Standardising features within each row to mean 0 and variance 1: layer norm of a token.
//! Does not know the gain and shift that follow.

pub(crate) mod composed;
mod kernel;
mod sets;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor, bail};

use crate::net::passes::Shape;
use crate::net::passes::{Directions, Forward, Gradients, Kept, Pair, Passes, Primal, Tangent};
use crate::net::simd::Dual;
use crate::net::twins::twins;

pub(crate) use kernel::{Means, Projected, Standardised};
pub(crate) use sets::Sets;

/// ε, as everywhere in `PyTorch`.
pub(crate) const EPSILON: f64 = 1e-5;

twins! {
    fn standardise(x: &Tensor, width: usize, epsilon: f64) -> Standardised;
    fn standardise_project(v: &Tensor, hat: &Tensor, scale: &Tensor, width: usize) -> Projected;
    fn standardise_tangent_backward(dg: &Tensor, g: &Tensor, hat: Dual<'_>, means: Means<'_>, width: usize) -> Tensor;
}

/// x̂ = (x − μ)/√(σ² + ε), with the mean and the population variance of each of `groups` runs of
/// consecutive features of a row (arXiv 1607.06450 with one); both are part of the function that is
/// differentiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standardise {
    /// Groups; they divide the number of features.
    pub groups: usize,
}

impl Standardise {
    /// Features of a group.
    fn width(self, x: &Tensor) -> Result<usize> {
        let (n, d) = x.dims2()?;
        if self.groups == 0 || d % self.groups != 0 {
            bail!("{n} × {d} values are not whole sets of 1 × {d}/{}", self.groups);
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

    /// Keeps x̂ and s = 1/√(σ² + ε).
    fn forward(&self, at: Primal<'_>) -> Result<Forward> {
        let x = at.input(0);
        let found = standardise(x, self.width(x)?, EPSILON)?;
        let kept = Kept::of([found.value.clone(), found.scale]);
        Ok(Forward::of(found.value, kept))
    }

    /// ∂L/∂x = s·(g − mean g − x̂·mean(x̂∘g)); keeps the two means too.
    fn backward(&self, _: Primal<'_>, kept: &mut Kept, g: &Tensor) -> Result<Gradients> {
        let [hat, scale] = kept.all()?;
        let width = self.width(hat)?;
        let Projected { value, mean, overlap } =
            standardise_project(&g.unsqueeze(1)?, hat, scale, width)?;
        *kept = Kept::of([hat.clone(), scale.clone(), mean.squeeze(1)?, overlap.squeeze(1)?]);
        Ok(Gradients { inputs: vec![Some(value.squeeze(1)?)], params: Vec::new() })
    }

    /// dx̂ = s·(dx − mean dx − x̂·mean(x̂∘dx)), since ds = −s²·mean(x̂∘dx); keeps dx̂ and that mean.
    fn tangent(&self, at: Primal<'_>, along: Directions<'_>, kept: &Kept) -> Result<Tangent> {
        let [hat, scale, ..]: &[Tensor; 4] = kept.all()?;
        let dx = along.input_or_zeros(0, at.input(0))?;
        let found = standardise_project(&dx, hat, scale, self.width(hat)?)?;
        let kept = Kept::of([found.value.clone(), found.overlap]);
        Ok(Tangent { value: found.value, kept })
    }

    fn tangent_backward(
        &self,
        _: Primal<'_>,
        along: Directions<'_>,
        kept: &Kept,
        Pair { g, dg }: Pair<'_>,
    ) -> Result<Gradients> {
        let [hat, scale, gradient, overlap] = kept.all()?;
        let [dhat, tangent] = along.kept.all()?;
        let means = Means { scale, gradient, overlap, tangent };
        let width = self.width(hat)?;
        let ddx =
            standardise_tangent_backward(dg, g, Dual { value: hat, tangent: dhat }, means, width)?;
        Ok(Gradients { inputs: vec![Some(ddx)], params: Vec::new() })
    }

    #[cfg(test)]
    fn plain(&self, inputs: &[&Tensor], _: &[Tensor]) -> Result<Tensor> {
        tests::plain(*self, inputs[0])
    }
}
