//! The losses as functions of a network's outputs: value, gradient, and second derivative along
//! tangents.

mod composed;
mod kernel;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};

use crate::config::Loss;
use crate::net::dispatch::dispatch;
use crate::net::simd::widen;

dispatch! {
    fn mse(f: &Tensor, y: &Tensor, weight: f64) -> (f64, Tensor);
    fn cross_entropy(f: &Tensor, y: &Tensor, weight: f64) -> (f64, Tensor, Tensor);
    fn cross_entropy_tangent(df: &Tensor, p: &Tensor, weight: f64) -> Tensor;
}

/// Loss and accuracy of one chunk, not yet averaged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Scored {
    /// Sum of the loss over predictions.
    pub(crate) loss_sum: f64,
    /// Correctly classified predictions. The class is the largest output, or the sign of a single
    /// output.
    pub(crate) n_correct: usize,
}

/// A loss evaluated at a network's outputs.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) scored: Scored,
    weight: f64,
    /// Softmax of the outputs, for cross-entropy.
    probabilities: Option<Tensor>,
}

impl Head {
    /// Evaluates the loss.
    pub(crate) fn new(loss: Loss, f: &Tensor, y: &Tensor, weight: f64) -> Result<Self> {
        Ok(Self::with_gradient(loss, f, y, weight)?.0)
    }

    /// Evaluates the loss and its gradient ∂L/∂f, multiplied by `weight`.
    pub(crate) fn with_gradient(
        loss: Loss,
        f: &Tensor,
        y: &Tensor,
        weight: f64,
    ) -> Result<(Self, Tensor)> {
        let (loss_sum, g, probabilities) = match loss {
            Loss::Mse => {
                let (sum, g) = mse(f, y, weight)?;
                (sum, g, None)
            }
            Loss::CrossEntropy => {
                let (sum, g, p) = cross_entropy(f, y, weight)?;
                (sum, g, Some(p))
            }
        };
        let scored = Scored { loss_sum, n_correct: n_correct(f, y)? };
        Ok((Self { scored, weight, probabilities }, g))
    }

    /// Derivative of the weighted gradient along df.
    pub(crate) fn tangent(&self, df: &Tensor) -> Result<Tensor> {
        match &self.probabilities {
            None => df * self.weight,
            Some(p) => cross_entropy_tangent(df, p, self.weight),
        }
    }
}

/// Number of rows in which outputs and targets have the same class.
fn n_correct(f: &Tensor, y: &Tensor) -> Result<usize> {
    let (_, o) = f.dims2()?;
    let (f, y) = (widen(f)?, widen(y)?);
    let class = |row: &[f64]| match row {
        [single] => usize::from(*single > 0.0),
        row => (1..row.len()).fold(0, |best, j| if row[j] > row[best] { j } else { best }),
    };
    Ok(f.chunks_exact(o).zip(y.chunks_exact(o)).filter(|(f, y)| class(f) == class(y)).count())
}
