//! Means and variances of columns and of sets of columns, accumulated in f64.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use super::Real;
use super::row_sums::{add_row, total};
use super::strips::Strips;

/// Elements per chunk: it is read twice and must stay in the L1 cache.
const NEAR: usize = 2048;

/// Mean and sum of squared deviations of each column, computed in one pass over the rows.
pub(crate) struct Moments {
    strips: Strips,
    mean: Vec<f64>,
    deviation: Vec<f64>,
    n_rows: f64,
}

impl Moments {
    /// For rows grouped into these strips.
    pub(crate) fn new(strips: Strips) -> Self {
        Self { strips, mean: vec![0.0; strips.d], deviation: vec![0.0; strips.d], n_rows: 0.0 }
    }

    /// Replaces the moments by those of the rows `x`: two passes over each chunk, then merged
    /// (Chan, Golub & `LeVeque`, 1979), so no precision is lost if the mean is far from 0.
    #[inline(always)]
    pub(crate) fn of_rows<T: Real>(&mut self, x: &[T]) {
        let (strips, d) = (self.strips, self.strips.d);
        self.mean.fill(0.0);
        self.deviation.fill(0.0);
        self.n_rows = 0.0;
        let (mut sums, mut squares) = (strips.sums(), strips.sums());
        for chunk in x.chunks((NEAR / d.max(1)).max(1) * d.max(1)) {
            let n = (chunk.len() / d) as f64;
            sums.fill(0.0);
            for row in strips.of_values(chunk) {
                add_row(&mut sums, row);
            }
            let mut mean = strips.fold(&sums);
            for mean in &mut mean {
                *mean /= n;
            }
            let tiled = strips.tile(&mean);
            squares.fill(0.0);
            for row in strips.of_values(chunk) {
                for ((square, mean), x) in squares.iter_mut().zip(&tiled).zip(row) {
                    let gap = x.wide() - mean;
                    *square += gap * gap;
                }
            }
            self.join(&mean, &strips.fold(&squares), n);
        }
    }

    /// Merges the moments of m more rows. With δ the difference of the means: mean += δ·m/(n + m),
    /// and the squared deviations sum up plus δ²·nm/(n + m).
    #[inline(always)]
    fn join(&mut self, mean: &[f64], deviation: &[f64], m: f64) {
        let share = m / (self.n_rows + m);
        let weight = self.n_rows * share;
        for j in 0..self.mean.len() {
            let gap = mean[j] - self.mean[j];
            self.mean[j] += gap * share;
            self.deviation[j] += deviation[j] + gap * gap * weight;
        }
        self.n_rows += m;
    }

    /// Mean and population variance of each set of `width` consecutive columns.
    #[inline(always)]
    pub(crate) fn of_sets(&self, width: usize) -> impl Iterator<Item = (f64, f64)> {
        let columns = self.mean.chunks_exact(width).zip(self.deviation.chunks_exact(width));
        columns.map(move |(means, deviations)| {
            let mean = total(means) / width as f64;
            let between: f64 = means.iter().map(|x| (x - mean) * (x - mean)).sum();
            let within = total(deviations) / self.n_rows;
            (mean, (within + between) / width as f64)
        })
    }
}
