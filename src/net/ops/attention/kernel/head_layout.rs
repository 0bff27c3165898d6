//! Memory layout of queries, keys, values and attention weights, head by head. Shapes as in
//! `values`.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor, bail};

use crate::net::simd::tile::{Region, Support, Tile};
use crate::net::simd::{Direction, Real, View};

/// Which positions a position attends to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// All positions of its example.
    None,
    /// Itself and earlier positions.
    Causal,
}

/// Positions, heads, mask and scaling of an attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub(crate) n_positions: usize,
    pub(crate) n_heads: usize,
    pub(crate) mask: Mask,
    /// d₀ of μP, which scales scores by 1/d; `None` scales them by 1/√d.
    pub(crate) base_width: Option<usize>,
}

/// What `tangent_backward` reads from the first two passes.
#[derive(Clone, Copy)]
pub(crate) struct AttentionSaved<'a> {
    pub(crate) qkv: [&'a Tensor; 3],
    /// Attention weights.
    pub(crate) p: &'a Tensor,
    /// ∂L/∂p minus its mean under p.
    pub(crate) c: &'a Tensor,
}

/// Tangents of queries, keys and values, `None` for inputs that do not depend on the parameters,
/// and of attention weights.
#[derive(Clone, Copy)]
pub(crate) struct AttentionTangents<'a> {
    pub(crate) qkv: [Option<&'a Tensor>; 3],
    pub(crate) p: &'a Tensor,
}

/// Where each head of each example lies in a tensor.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) heads: Geometry,
    n_examples: usize,
    d_head: usize,
}

/// One head of one example.
#[derive(Clone, Copy)]
pub(super) struct Head {
    example: usize,
    head: usize,
}

impl Geometry {
    /// Layout of queries, keys and values `[n·t, d]`.
    pub(super) fn layout(self, n_rows: usize, d: usize) -> Result<Layout> {
        let Self { n_positions, n_heads, .. } = self;
        if n_positions == 0
            || n_heads == 0
            || !n_rows.is_multiple_of(n_positions)
            || !d.is_multiple_of(n_heads)
        {
            bail!(
                "attention needs {n_positions} rows per example and features divisible by {n_heads} \
                 heads, got {n_rows} rows of {d}"
            )
        }
        Ok(Layout { heads: self, n_examples: n_rows / n_positions, d_head: d / n_heads })
    }

    /// s for heads of this width.
    pub(crate) fn scale(self, d_head: usize) -> f64 {
        let width = (d_head * self.n_heads) as f64;
        let fall = self.base_width.map_or(1.0, |base| (base as f64 / width).sqrt());
        fall / (d_head as f64).sqrt()
    }
}

impl Layout {
    pub(super) fn each(self) -> impl Iterator<Item = Head> {
        let n_heads = self.heads.n_heads;
        let head = move |i| Head { example: i / n_heads, head: i % n_heads };
        (0..self.n_examples * n_heads).map(head)
    }

    pub(super) fn scale<T: Real>(self) -> T {
        T::of(self.heads.scale(self.d_head))
    }

    pub(super) fn support(self) -> Support {
        match self.heads.mask {
            Mask::None => Support::Full,
            Mask::Causal => Support::Lower,
        }
    }

    /// Where one head of one example lies if every head has `n_cols` columns.
    #[inline(always)]
    fn region(self, n_cols: usize, one: Head, at: Direction) -> Region {
        let Head { example, head } = one;
        let Geometry { n_positions, n_heads, .. } = self.heads;
        let row = n_heads * n_cols;
        let start = (example * n_positions * at.k + at.j) * row + head * n_cols;
        Region { start, stride: at.k * row, n_rows: n_positions, n_cols }
    }

    /// Where it lies in queries, keys, values and outputs.
    #[inline(always)]
    pub(super) fn features(self, one: Head, at: Direction) -> Region {
        self.region(self.d_head, one, at)
    }

    /// Where it lies in attention weights.
    #[inline(always)]
    pub(super) fn weights(self, one: Head, at: Direction) -> Region {
        self.region(self.heads.n_positions, one, at)
    }

    /// A tile for one head of queries, keys, values or outputs.
    pub(super) fn tile<T: Real>(self) -> Tile<T> {
        Tile::zeros(self.heads.n_positions, self.d_head)
    }

    /// A tile for the transpose of one head.
    pub(super) fn transposed_tile<T: Real>(self) -> Tile<T> {
        Tile::zeros(self.d_head, self.heads.n_positions)
    }

    /// A tile for one head's attention weights.
    pub(super) fn square_tile<T: Real>(self) -> Tile<T> {
        Tile::zeros(self.heads.n_positions, self.heads.n_positions)
    }
}

/// The elements of three views.
pub(super) fn slices<'a, T: Real>(views: &'a [View<'_>; 3]) -> Result<[&'a [T]; 3]> {
    let [a, b, c] = views;
    Ok([a.slice::<T>()?, b.slice::<T>()?, c.slice::<T>()?])
}
