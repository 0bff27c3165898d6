//! Groups short rows of a matrix into strips, so inner loops are long even with few columns.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use super::Real;
use super::row_sums::add_row;

/// Approximate elements per strip: enough for an inner loop, few compared with a batch.
const LONG: usize = 128;

/// Grouping of rows `[k, d]` into strips; k = 1 without directions.
#[derive(Clone, Copy)]
pub(crate) struct Strips {
    pub(crate) k: usize,
    pub(crate) d: usize,
    /// Rows per strip.
    rows: usize,
}

impl Strips {
    pub(crate) fn new(k: usize, d: usize) -> Self {
        Self { k, d, rows: (LONG / (k * d).max(1)).max(1) }
    }

    /// Strips of a matrix `[n, d]`.
    #[inline(always)]
    pub(crate) fn of_values<'a, T>(&self, x: &'a [T]) -> impl Iterator<Item = &'a [T]> {
        x.chunks((self.rows * self.d).max(1))
    }

    /// Strips of tangents `[n, k, d]`.
    #[inline(always)]
    pub(crate) fn of_tangents<'a, T>(&self, x: &'a [T]) -> impl Iterator<Item = &'a [T]> {
        x.chunks((self.rows * self.k * self.d).max(1))
    }

    /// Repeats per-column numbers, `[d]` or `[k, d]`, to the length of a strip of tangents.
    pub(crate) fn tile<T: Copy>(&self, of_columns: &[T]) -> Vec<T> {
        of_columns.repeat(self.rows * self.k * self.d / of_columns.len().max(1))
    }

    /// A strip of values with each row repeated for every direction; `space` is the buffer.
    #[inline(always)]
    pub(crate) fn repeat<'a, T: Real>(&self, x: &'a [T], space: &'a mut Vec<T>) -> &'a [T] {
        if self.k == 1 {
            return x;
        }
        space.clear();
        for row in x.chunks_exact(self.d) {
            for _ in 0..self.k {
                space.extend_from_slice(row);
            }
        }
        space
    }

    /// Zeros to accumulate sums over strips of tangents.
    pub(crate) fn sums(&self) -> Vec<f64> {
        vec![0.0; self.rows * self.k * self.d]
    }

    /// [`Self::fold`] for any scalar type.
    pub(crate) fn folded<T: Real>(&self, of_strips: &[T]) -> Vec<T> {
        let mut sums = vec![T::ZERO; self.k * self.d];
        for row in of_strips.chunks_exact((self.k * self.d).max(1)) {
            for (sum, x) in sums.iter_mut().zip(row) {
                *sum += *x;
            }
        }
        sums
    }

    /// Reduces sums over strips to sums over rows, `[k, d]`.
    pub(crate) fn fold(&self, of_strips: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.k * self.d];
        for row in of_strips.chunks_exact((self.k * self.d).max(1)) {
            add_row(&mut sums, row);
        }
        sums
    }
}
