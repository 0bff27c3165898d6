//! `tangent_backward` of normalization over sets of several rows, on slices. Symbols as in
//! `tangents`.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use super::values::add_centred;
use crate::net::ops::standardise::Sets;
use crate::net::simd::Real;
use crate::net::simd::row_sums::{add_products, add_row};
use crate::net::simd::strips::Strips;

/// Inputs of the pass.
pub(super) struct TangentBackward<'a, T> {
    /// g and x.
    pub(super) fields: [&'a [T]; 2],
    /// dg and dx.
    pub(super) tangents: [&'a [T]; 2],
    pub(super) gain: &'a [T],
    pub(super) dgain: &'a [T],
    /// s and μ.
    pub(super) of_sets: [&'a [T]; 2],
    /// Σ g and Σ x̂∘g.
    pub(super) of_columns: [&'a [T]; 2],
    /// m and q.
    pub(super) along: [&'a [T]; 2],
    pub(super) sets: Sets,
    pub(super) strips: Strips,
}

/// Coefficients of s·(…) per column, for dg, g, dx and x − μ, and the constant term.
struct Factors<T> {
    of: [Vec<T>; 4],
    rest: Vec<T>,
    mu: Vec<T>,
}

impl<T: Real> TangentBackward<'_, T> {
    /// d(∂/∂x), Σ dg and Σ (dg∘x̂ + g∘dx̂).
    #[inline(always)]
    pub(super) fn derivative(&self) -> (Vec<T>, [Vec<f64>; 2]) {
        let Strips { k, d, .. } = self.strips;
        let block = self.sets.rows * d;
        let mut out = Vec::with_capacity(self.tangents[0].len());
        let mut totals = [vec![0.0; k * d], vec![0.0; k * d]];
        let (mut line, mut spaces) = (self.strips.tile(self.dgain), [Vec::new(), Vec::new()]);
        for (at, _) in self.fields[0].chunks(block).enumerate() {
            let part = |data: &'_ [T], block: usize| at * block..((at + 1) * block).min(data.len());
            let [g, x] = self.fields.map(|data| &data[part(data, block)]);
            let [dg, dx] = self.tangents.map(|data| &data[part(data, k * block)]);
            let factors = self.factors(at, [g, x], [dg, dx], &mut totals);
            let strips = self.strips;
            let tangents = strips.of_tangents(dg).zip(strips.of_tangents(dx));
            let fields = strips.of_values(g).zip(strips.of_values(x));
            for ((dg, dx), (g, x)) in tangents.zip(fields) {
                let [first, second] = &mut spaces;
                let (g, x) = (strips.repeat(g, first), strips.repeat(x, second));
                let line = &mut line[..dg.len()];
                factors.combine(line, [dg, g, dx, x]);
                out.extend_from_slice(line);
            }
        }
        (out, totals)
    }

    /// The coefficients of one block of rows; adds its sums to the totals.
    #[inline(always)]
    fn factors(
        &self,
        at: usize,
        [g, x]: [&[T]; 2],
        [dg, dx]: [&[T]; 2],
        totals: &mut [Vec<f64>; 2],
    ) -> Factors<T> {
        let (strips, sets) = (self.strips, self.sets);
        let Strips { k, d, .. } = strips;
        let n_sets = d / sets.width;
        let [s, mean] = self.of_sets.map(|data| &data[at * n_sets..][..n_sets]);
        let [of_g, of_xg] = self.of_columns.map(|data| &data[at * d..][..d]);
        let [m, q] = self.along.map(|data| &data[at * k * n_sets..][..k * n_sets]);
        let mu: Vec<T> = strips.tile(&sets.columns(d, |_, set| mean[set].wide()));
        let [of_dg, of_both] = self.sums([g, x], [dg, dx], &mu);
        let s = |i: usize| s[i % n_sets].wide();
        let (m, q) = (|i: usize| m[i].wide(), |i: usize| q[i].wide());
        let (of_g, of_xg) = (|j: usize| of_g[j % d].wide(), |j: usize| of_xg[j % d].wide());
        let gain = |j: usize| self.gain[j % d].wide();
        let dgain = |j: usize| self.dgain[j].wide();
        // Σ g∘dx̂ = s·(Σ g∘dx − m·Σ g − q·Σ x̂∘g).
        let both = |j: usize, i: usize| s(i) * (of_both[j] - m(i) * of_g(j) - q(i) * of_xg(j));
        let both: Vec<f64> = (0..k * d).map(|j| both(j, j / sets.width)).collect();
        for (total, sums) in totals.iter_mut().zip([&of_dg, &both]) {
            add_row(total, sums);
        }
        let mean_of = |f: &dyn Fn(usize) -> f64| {
            sets.means(&(0..k * d).map(f).collect::<Vec<f64>>(), g.len() / d)
        };
        let da = mean_of(&|j| gain(j) * of_dg[j] + dgain(j) * of_g(j));
        let db = mean_of(&|j| gain(j) * both[j] + dgain(j) * of_xg(j));
        let a = mean_of(&|j| gain(j) * of_g(j));
        let b = mean_of(&|j| gain(j) * of_xg(j));
        let e = |i: usize| db[i] - s(i) * q(i) * b[i];
        let f = |i: usize| da[i] - s(i) * q(i) * a[i];
        let tile =
            |f: &dyn Fn(usize, usize) -> f64| -> Vec<T> { strips.tile(&sets.columns(k * d, f)) };
        Factors {
            of: [
                tile(&|j, i| s(i) * gain(j)),
                tile(&|j, i| s(i) * (dgain(j) - s(i) * q(i) * gain(j))),
                tile(&|_, i| -s(i) * s(i) * b[i]),
                tile(&|_, i| s(i) * s(i) * (s(i) * b[i] * q(i) - e(i))),
            ],
            rest: tile(&|_, i| s(i) * (s(i) * b[i] * m(i) - f(i))),
            mu,
        }
    }

    /// Σ dg and Σ (dg∘(x − μ) + g∘dx) over the rows of a block.
    #[inline(always)]
    fn sums(&self, [g, x]: [&[T]; 2], [dg, dx]: [&[T]; 2], mu: &[T]) -> [Vec<f64>; 2] {
        let strips = self.strips;
        let (mut of_dg, mut of_both) = (strips.sums(), strips.sums());
        let mut space = Vec::new();
        let tangents = strips.of_tangents(dg).zip(strips.of_tangents(dx));
        for ((dg, dx), (g, x)) in tangents.zip(strips.of_values(g).zip(strips.of_values(x))) {
            add_row(&mut of_dg, dg);
            add_centred(&mut of_both, dg, strips.repeat(x, &mut space), mu);
            add_products(&mut of_both, dx, strips.repeat(g, &mut space));
        }
        [strips.fold(&of_dg), strips.fold(&of_both)]
    }
}

impl<T: Real> Factors<T> {
    /// Sums all terms for one strip.
    #[inline(always)]
    fn combine(&self, out: &mut [T], [dg, g, dx, x]: [&[T]; 4]) {
        let n = out.len();
        let (dg, g, dx, x) = (&dg[..n], &g[..n], &dx[..n], &x[..n]);
        let [of_dg, of_g, of_dx, of_x] = self.of.each_ref().map(|of| &of[..n]);
        let (rest, mu) = (&self.rest[..n], &self.mu[..n]);
        for j in 0..n {
            out[j] = of_dg[j] * dg[j]
                + of_g[j] * g[j]
                + of_dx[j] * dx[j]
                + of_x[j] * (x[j] - mu[j])
                + rest[j];
        }
    }
}
