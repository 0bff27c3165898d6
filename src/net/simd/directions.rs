//! Layout of tangents along a block of directions.

use candle_core::Tensor;

/// A value and its tangents.
#[derive(Clone, Copy)]
pub(crate) struct Dual<'a> {
    pub(crate) value: &'a Tensor,
    pub(crate) tangent: &'a Tensor,
}

/// Index j of a direction in a block of k, the middle axis of tangents `[n, k, d]`.
#[derive(Clone, Copy)]
pub(crate) struct Direction {
    pub(crate) j: usize,
    pub(crate) k: usize,
}

impl Direction {
    /// Layout of values: a block of one.
    pub(crate) const NONE: Self = Self { j: 0, k: 1 };

    /// All directions of a block of k.
    pub(crate) fn all(k: usize) -> impl Iterator<Item = Self> {
        (0..k).map(move |j| Self { j, k })
    }
}
