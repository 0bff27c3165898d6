//! Sets of elements of a matrix that are standardised together: runs of features over runs of rows.
//! Does not standardise.

use crate::net::simd::Real;

/// Which elements of a matrix are standardised together: `width` consecutive features of `rows`
/// consecutive rows; the last block of rows may be shorter.
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

    /// The mean over each set of columns of sums over `n_rows` rows.
    pub(crate) fn means(self, sums: &[f64], n_rows: usize) -> Vec<f64> {
        let n = (n_rows * self.width) as f64;
        sums.chunks_exact(self.width).map(|set| set.iter().sum::<f64>() / n).collect()
    }

    /// A number of each column by its own index and that of its set.
    pub(crate) fn columns<T: Real>(self, d: usize, f: impl Fn(usize, usize) -> f64) -> Vec<T> {
        (0..d).map(|j| T::of(f(j, j / self.width))).collect()
    }
}
