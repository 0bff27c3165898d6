//! Small dense matrices in owned, zero-padded storage, so inner loops need no remainder.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use std::ops::Range;

use super::Real;

/// Elements per step of an inner loop.
pub(crate) const LANES: usize = 8;

/// Rows of a product computed together.
const N_TOGETHER: usize = 4;

/// A matrix inside a slice: rows of `n_cols` elements, `stride` apart.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    pub(crate) start: usize,
    pub(crate) stride: usize,
    pub(crate) n_rows: usize,
    pub(crate) n_cols: usize,
}

/// Which entries of a factor may be nonzero.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Support {
    Full,
    /// Lower triangle, diagonal included.
    Lower,
}

/// A matrix zero-padded to multiples of [`LANES`] rows and columns.
pub(crate) struct Tile<T> {
    data: Vec<[T; LANES]>,
    n_rows: usize,
    /// Number of blocks of [`LANES`] columns.
    n_blocks: usize,
}

/// The left factor of a product: a tile, or its transpose.
#[derive(Clone, Copy)]
pub(crate) struct Factor<'a, T> {
    data: &'a [T],
    row_stride: usize,
    col_stride: usize,
    n_inner: usize,
    /// Support of the tile, even if the factor is its transpose.
    support: Support,
}

impl<T: Real> Tile<T> {
    /// A zero tile for matrices up to this size.
    pub(crate) fn zeros(n_rows: usize, n_cols: usize) -> Self {
        let (n_rows, n_blocks) = (n_rows.next_multiple_of(LANES), n_cols.div_ceil(LANES));
        Self { data: vec![[T::ZERO; LANES]; n_rows * n_blocks], n_rows, n_blocks }
    }

    /// Copies a matrix in; leaves the padding unchanged.
    #[inline(always)]
    pub(crate) fn load(&mut self, from: &[T], region: Region) {
        let width = self.n_blocks * LANES;
        let rows = self.data.as_flattened_mut().chunks_exact_mut(width).take(region.n_rows);
        for (i, row) in rows.enumerate() {
            let from = &from[region.start + i * region.stride..][..region.n_cols];
            row[..region.n_cols].copy_from_slice(from);
        }
    }

    /// Copies the transpose of a matrix in; leaves the padding unchanged.
    #[inline(always)]
    pub(crate) fn load_transposed(&mut self, from: &[T], region: Region) {
        let width = self.n_blocks * LANES;
        let data = self.data.as_flattened_mut();
        for i in 0..region.n_rows {
            let from = &from[region.start + i * region.stride..][..region.n_cols];
            for (row, x) in data.chunks_exact_mut(width).zip(from) {
                row[i] = *x;
            }
        }
    }

    /// Copies a matrix out, without the padding.
    #[inline(always)]
    pub(crate) fn store(&self, to: &mut [T], region: Region) {
        for (i, row) in self.rows().take(region.n_rows).enumerate() {
            let to = &mut to[region.start + i * region.stride..][..region.n_cols];
            to.copy_from_slice(&row.as_flattened()[..region.n_cols]);
        }
    }

    /// Rows as blocks of [`LANES`] elements, padding included.
    #[inline(always)]
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[[T; LANES]]> {
        self.data.chunks_exact(self.n_blocks)
    }

    /// As [`Self::rows`], mutable.
    #[inline(always)]
    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [[T; LANES]]> {
        self.data.chunks_exact_mut(self.n_blocks)
    }

    /// The tile as the left factor of a product.
    #[inline(always)]
    pub(crate) fn factor(&self, support: Support) -> Factor<'_, T> {
        let width = self.n_blocks * LANES;
        let data = self.data.as_flattened();
        Factor { data, row_stride: width, col_stride: 1, n_inner: width, support }
    }

    /// The transpose as the left factor of a product.
    #[inline(always)]
    pub(crate) fn transposed(&self, support: Support) -> Factor<'_, T> {
        let (width, n_inner) = (self.n_blocks * LANES, self.n_rows);
        let data = self.data.as_flattened();
        Factor { data, row_stride: 1, col_stride: width, n_inner, support }
    }

    /// self = a·b.
    #[inline(always)]
    pub(crate) fn set_product(&mut self, a: Factor<'_, T>, b: &Self) {
        self.multiply(a, b, |sum, product| *sum = product);
    }

    /// self += a·b.
    #[inline(always)]
    pub(crate) fn add_product(&mut self, a: Factor<'_, T>, b: &Self) {
        self.multiply(a, b, |sum, product| *sum += product);
    }

    #[inline(always)]
    fn multiply(&mut self, a: Factor<'_, T>, b: &Self, put: impl Fn(&mut T, T)) {
        let n_blocks = self.n_blocks;
        for (panel, rows) in self.data.chunks_exact_mut(N_TOGETHER * n_blocks).enumerate() {
            let first = panel * N_TOGETHER;
            for block in 0..n_blocks {
                let sums = a.panel(first, b, block);
                for (row, sums) in rows.chunks_exact_mut(n_blocks).zip(sums) {
                    for (x, sum) in row[block].iter_mut().zip(sums) {
                        put(x, sum);
                    }
                }
            }
        }
    }
}

impl<T: Real> Factor<'_, T> {
    /// Inner indices at which one of the [`N_TOGETHER`] rows from `first` on may be nonzero.
    #[inline(always)]
    fn inner(&self, first: usize) -> Range<usize> {
        match (self.support, self.col_stride) {
            (Support::Full, _) => 0..self.n_inner,
            (Support::Lower, 1) => 0..(first + N_TOGETHER).min(self.n_inner),
            (Support::Lower, _) => first..self.n_inner,
        }
    }

    /// [`N_TOGETHER`] rows of this factor, from `first` on, times a block of columns of `b`.
    #[inline(always)]
    fn panel(&self, first: usize, b: &Tile<T>, block: usize) -> [[T; LANES]; N_TOGETHER] {
        let mut sums = [[T::ZERO; LANES]; N_TOGETHER];
        for l in self.inner(first) {
            let b = &b.data[l * b.n_blocks + block];
            for (r, sums) in sums.iter_mut().enumerate() {
                let a = self.data[(first + r) * self.row_stride + l * self.col_stride];
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum += a * *b;
                }
            }
        }
        sums
    }
}

/// Σ x∘y over a row of blocks, accumulated lane by lane.
#[inline(always)]
pub(crate) fn dot<T: Real>(x: &[[T; LANES]], y: &[[T; LANES]]) -> T {
    let mut sums = [T::ZERO; LANES];
    for (x, y) in x.iter().zip(y) {
        for ((sum, x), y) in sums.iter_mut().zip(x).zip(y) {
            *sum += *x * *y;
        }
    }
    total(sums)
}

/// The sum of all lanes, by pairwise summation.
#[inline(always)]
pub(crate) fn total<T: Real>([a, b, c, d, e, f, g, h]: [T; LANES]) -> T {
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(n: usize, salt: f64) -> Vec<f64> {
        (0..n).map(|i| ((i as f64 + salt) * 12.9898).sin()).collect()
    }

    fn whole(n_rows: usize, n_cols: usize) -> Region {
        Region { start: 0, stride: n_cols, n_rows, n_cols }
    }

    #[test]
    fn products_of_padded_tiles_equal_products_of_their_matrices() {
        let (m, k, n) = (11, 5, 9);
        let (a, b) = (spread(m * k, 0.1), spread(k * n, 0.2));
        let [mut tile_a, mut transposed_a, mut tile_b] =
            [(m, k), (k, m), (k, n)].map(|(rows, cols)| Tile::<f64>::zeros(rows, cols));
        tile_a.load(&a, whole(m, k));
        transposed_a.load_transposed(&a, whole(m, k));
        tile_b.load(&b, whole(k, n));
        for factor in [tile_a.factor(Support::Full), transposed_a.transposed(Support::Full)] {
            let mut product = Tile::zeros(m, n);
            product.set_product(factor, &tile_b);
            product.add_product(factor, &tile_b);
            let mut found = vec![0.0; m * n];
            product.store(&mut found, whole(m, n));
            for (at, found) in found.iter().enumerate() {
                let (i, j) = (at / n, at % n);
                let exact: f64 = (0..k).map(|l| 2.0 * a[i * k + l] * b[l * n + j]).sum();
                assert!((found - exact).abs() < 1e-14, "{i}, {j}: {found}, not {exact}");
            }
        }
    }

    #[test]
    fn lower_support_skips_zeros_only() {
        let (t, n) = (13, 3);
        let mut a = spread(t * t, 0.1);
        for i in 0..t {
            a[i * t + i + 1..(i + 1) * t].fill(0.0);
        }
        let (mut lower, mut b) = (Tile::<f64>::zeros(t, t), Tile::zeros(t, n));
        lower.load(&a, whole(t, t));
        b.load(&spread(t * n, 0.2), whole(t, n));
        for is_transposed in [false, true] {
            let products = [Support::Full, Support::Lower].map(|support| {
                let mut product = Tile::zeros(t, n);
                let a =
                    if is_transposed { lower.transposed(support) } else { lower.factor(support) };
                product.set_product(a, &b);
                product.data
            });
            assert_eq!(products[0], products[1]);
        }
    }
}
