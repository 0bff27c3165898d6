//! How tangents along a block of directions lie beside the values they are tangents of.
//! Does not know what the directions are.

use candle_core::Tensor;

/// A value and its tangents.
#[derive(Clone, Copy)]
pub(crate) struct Dual<'a> {
    pub(crate) value: &'a Tensor,
    pub(crate) tangent: &'a Tensor,
}

/// One direction of a block of k, in the middle axis of tangents `[n, k, d]`.
#[derive(Clone, Copy)]
pub(crate) struct Direction {
    pub(crate) j: usize,
    pub(crate) k: usize,
}

impl Direction {
    /// That of values, which are laid out as a block of one.
    pub(crate) const NONE: Self = Self { j: 0, k: 1 };

    /// Of a block of k.
    pub(crate) fn all(k: usize) -> impl Iterator<Item = Self> {
        (0..k).map(move |j| Self { j, k })
    }
}
