//! The mean over positions: what it computes, and its derivatives, against candle and its twin.

use candle_core::{Result, Tensor};

use super::MeanPositions;

pub(super) fn plain(op: MeanPositions, x: &Tensor) -> Result<Tensor> {
    x.reshape(((), op.positions, x.dim(1)?))?.mean(1)
}
