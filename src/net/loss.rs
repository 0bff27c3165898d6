//! The loss at the end of a program: value, gradient, and its second derivative along tangents.
//! Knows outputs and targets only.

use candle_core::{Result, Tensor};

use super::dispatch as fused;
use super::kernels::widen;
use crate::config::Loss;

/// What the loss says of one chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Scored {
    /// Sum over predictions (not yet divided by their number).
    pub(super) loss_sum: f64,
    /// Predictions whose class is right: the largest output, or the sign of a single one.
    pub(super) n_correct: usize,
}

/// A loss evaluated at outputs.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) scored: Scored,
    weight: f64,
    /// softmax of the outputs, for cross-entropy.
    probabilities: Option<Tensor>,
}

impl Head {
    /// Evaluates the loss.
    pub(super) fn new(loss: Loss, f: &Tensor, y: &Tensor, weight: f64) -> Result<Self> {
        Ok(Self::with_gradient(loss, f, y, weight)?.0)
    }

    /// Evaluates the loss and ∂L/∂f, weighted.
    pub(super) fn with_gradient(
        loss: Loss,
        f: &Tensor,
        y: &Tensor,
        weight: f64,
    ) -> Result<(Self, Tensor)> {
        let (loss_sum, g, probabilities) = match loss {
            Loss::Mse => {
                let (sum, g) = fused::mse(f, y, weight)?;
                (sum, g, None)
            }
            Loss::CrossEntropy => {
                let (sum, g, p) = fused::cross_entropy(f, y, weight)?;
                (sum, g, Some(p))
            }
        };
        let scored = Scored { loss_sum, n_correct: n_correct(f, y)? };
        Ok((Self { scored, weight, probabilities }, g))
    }

    /// Derivative of the gradient along df.
    pub(super) fn tangent(&self, df: &Tensor) -> Result<Tensor> {
        match &self.probabilities {
            None => df * self.weight,
            Some(p) => fused::cross_entropy_tangent(df, p, self.weight),
        }
    }
}

/// Rows in which outputs and targets name the same class.
fn n_correct(f: &Tensor, y: &Tensor) -> Result<usize> {
    let (_, o) = f.dims2()?;
    let (f, y) = (widen(f)?, widen(y)?);
    let class = |row: &[f64]| match row {
        [single] => usize::from(*single > 0.0),
        row => (1..row.len()).fold(0, |best, j| if row[j] > row[best] { j } else { best }),
    };
    Ok(f.chunks_exact(o).zip(y.chunks_exact(o)).filter(|(f, y)| class(f) == class(y)).count())
}
