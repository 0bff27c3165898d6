//! Means and variances of columns, and of sets of columns, in f64 whatever the elements are.
//! Does not know what is done with them.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use super::Real;

/// Numbers read twice in a row: their bytes stay in the nearest cache.
const NEAR: usize = 2048;

/// sums += x.
#[inline(always)]
pub(super) fn add_row<T: Real>(sums: &mut [f64], x: &[T]) {
    for (sum, x) in sums.iter_mut().zip(x) {
        *sum += x.wide();
    }
}

/// sums += x∘y.
#[inline(always)]
pub(super) fn add_products<T: Real>(sums: &mut [f64], x: &[T], y: &[T]) {
    for ((sum, x), y) in sums.iter_mut().zip(x).zip(y) {
        *sum += x.wide() * y.wide();
    }
}

/// The sum, in four interleaved parts.
#[inline(always)]
pub(super) fn total(x: &[f64]) -> f64 {
    let mut parts = [0.0; 4];
    let fours = x.chunks_exact(4);
    let rest: f64 = fours.remainder().iter().sum();
    for four in fours {
        for (part, x) in parts.iter_mut().zip(four) {
            *part += x;
        }
    }
    (parts[0] + parts[1]) + (parts[2] + parts[3]) + rest
}

/// Numbers of sets written over the columns of each, all sets of one width.
#[inline(always)]
pub(super) fn spread<T: Copy>(of_sets: &[T], columns: &mut [T]) {
    let width = columns.len() / of_sets.len().max(1);
    for (columns, x) in columns.chunks_exact_mut(width.max(1)).zip(of_sets) {
        columns.fill(*x);
    }
}

/// Mean and sum of squared deviations of each column, over rows seen once.
pub(super) struct Moments {
    mean: Vec<f64>,
    deviation: Vec<f64>,
    chunk_mean: Vec<f64>,
    chunk_deviation: Vec<f64>,
    n_rows: f64,
}

impl Moments {
    /// For rows of `d` columns.
    pub(super) fn new(d: usize) -> Self {
        let zeros = || vec![0.0; d];
        Self {
            mean: zeros(),
            deviation: zeros(),
            chunk_mean: zeros(),
            chunk_deviation: zeros(),
            n_rows: 0.0,
        }
    }

    /// Of these rows alone: each few of them in two passes, then joined (Chan, Golub & `LeVeque`,
    /// 1979), so that nothing is lost where the mean is far from 0.
    #[inline(always)]
    pub(super) fn of_rows<T: Real>(&mut self, x: &[T]) {
        let d = self.mean.len();
        self.mean.fill(0.0);
        self.deviation.fill(0.0);
        self.n_rows = 0.0;
        for chunk in x.chunks((NEAR / d.max(1)).max(1) * d.max(1)) {
            self.chunk_mean.fill(0.0);
            self.chunk_deviation.fill(0.0);
            let n = (chunk.len() / d) as f64;
            for row in chunk.chunks_exact(d) {
                add_row(&mut self.chunk_mean, row);
            }
            for mean in &mut self.chunk_mean {
                *mean /= n;
            }
            for row in chunk.chunks_exact(d) {
                let sums = self.chunk_deviation.iter_mut().zip(&self.chunk_mean);
                for ((deviation, mean), x) in sums.zip(row) {
                    let gap = x.wide() - mean;
                    *deviation += gap * gap;
                }
            }
            self.join(n);
        }
    }

    /// With δ the gap of the means of n and m rows: mean += δ·m/(n + m), and the squared deviations
    /// add up to their sum and δ²·nm/(n + m).
    #[inline(always)]
    fn join(&mut self, m: f64) {
        let share = m / (self.n_rows + m);
        let weight = self.n_rows * share;
        for j in 0..self.mean.len() {
            let gap = self.chunk_mean[j] - self.mean[j];
            self.mean[j] += gap * share;
            self.deviation[j] += self.chunk_deviation[j] + gap * gap * weight;
        }
        self.n_rows += m;
    }

    /// Mean and population variance of each set of `width` consecutive columns.
    #[inline(always)]
    pub(super) fn of_sets(&self, width: usize) -> impl Iterator<Item = (f64, f64)> {
        let columns = self.mean.chunks_exact(width).zip(self.deviation.chunks_exact(width));
        columns.map(move |(means, deviations)| {
            let mean = total(means) / width as f64;
            let between: f64 = means.iter().map(|x| (x - mean) * (x - mean)).sum();
            let within = total(deviations) / self.n_rows;
            (mean, (within + between) / width as f64)
        })
    }
}
