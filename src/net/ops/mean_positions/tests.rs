//! The mean over positions: output and derivatives against candle.

use candle_core::{Result, Tensor};

use super::MeanPositions;

pub(super) fn reference(op: MeanPositions, x: &Tensor) -> Result<Tensor> {
    x.reshape(((), op.positions, x.dim(1)?))?.mean(1)
}
