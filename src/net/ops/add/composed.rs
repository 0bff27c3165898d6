//! The sum's twin from candle's own tensor operations.
//! Shapes as in `kernel`.

use candle_core::{Result, Tensor};

/// a + b.
pub(crate) fn add(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    a + b
}
