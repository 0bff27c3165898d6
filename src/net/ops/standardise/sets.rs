//! Sets of matrix elements that are standardised together: consecutive features over consecutive
//! rows.

use crate::net::simd::Real;

/// Sets of `width` consecutive features over blocks of `rows` consecutive rows; the last block may
/// be shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sets {
    pub(crate) rows: usize,
    pub(crate) width: usize,
}

impl Sets {
    /// First row and number of rows of every block of a matrix with `n` rows.
    pub(crate) fn blocks(self, n: usize) -> impl Iterator<Item = (usize, usize)> {
        (0..n).step_by(self.rows).map(move |start| (start, self.rows.min(n - start)))
    }

    /// Means over each set, from column sums over `n_rows` rows.
    pub(crate) fn means(self, sums: &[f64], n_rows: usize) -> Vec<f64> {
        let n = (n_rows * self.width) as f64;
        sums.chunks_exact(self.width).map(|set| set.iter().sum::<f64>() / n).collect()
    }

    /// A number per column, computed by `f` from the column's index and its set's index.
    pub(crate) fn columns<T: Real>(self, d: usize, f: impl Fn(usize, usize) -> f64) -> Vec<T> {
        (0..d).map(|j| T::of(f(j, j / self.width))).collect()
    }
}
