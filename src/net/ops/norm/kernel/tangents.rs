//! The two tangent passes of normalizing sets of several rows with a gain and a shift.
//! Does not know why elements stand together.
//!
//! Shapes and letters as in `values`; tangents `[n, k, d]`, those of γ and β `[k, d]`, and one number
//! for each set and direction `[b, k, d/width]`.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor};

use super::values::{Statistics, add_centred};
use crate::net::ops::standardise::Sets;
use crate::net::simd::strips::Strips;
use crate::net::simd::sums::{add_products, add_row};
use crate::net::simd::{Dual, Real, by_dtype, view};

/// What the three passes before left: s, μ, m and q by set, Σ g and Σ x̂∘g by block and column.
#[derive(Clone, Copy)]
pub(crate) struct NormKept<'a> {
    pub(crate) statistics: Statistics<'a>,
    pub(crate) sums: &'a Tensor,
    pub(crate) products: &'a Tensor,
    /// m, the mean of dx.
    pub(crate) moved_mean: &'a Tensor,
    /// q, the mean of x̂∘dx.
    pub(crate) overlap: &'a Tensor,
}

/// What the tangent pass gives.
pub(crate) struct NormTangent {
    /// dy = γ∘dx̂ + dγ∘x̂ + dβ with dx̂ = s·(dx − m − x̂·q).
    pub(crate) value: Tensor,
    /// m, the mean of dx.
    pub(crate) mean: Tensor,
    /// q, the mean of x̂∘dx.
    pub(crate) overlap: Tensor,
}

/// From dx and the directions of γ and β.
pub(crate) fn norm_tangent(
    dx: &Tensor,
    x: &Tensor,
    gain: Dual<'_>,
    dshift: &Tensor,
    statistics: Statistics<'_>,
    sets: Sets,
) -> Result<NormTangent> {
    by_dtype!(dx, T => {
        let ((n, k, d), device) = (dx.dims3()?, dx.device());
        let (dx, x) = (view(dx)?, view(x)?);
        let (s, m) = (view(statistics.scale)?, view(statistics.mean)?);
        let (gain, dgain, dshift) = (view(gain.value)?, view(gain.tangent)?, view(dshift)?);
        let of_columns = [gain.slice::<T>()?, dgain.slice::<T>()?, dshift.slice::<T>()?];
        let (dx, x) = (dx.slice::<T>()?, x.slice::<T>()?);
        let (s, m) = (s.slice::<T>()?, m.slice::<T>()?);
        let [value, means, overlaps] =
            tangent(dx, x, of_columns, s, m, sets, Strips::new(k, d));
        let shape = (n.div_ceil(sets.rows), k, d / sets.width);
        Ok(NormTangent {
            value: Tensor::from_vec(value, (n, k, d), device)?,
            mean: Tensor::from_vec(means, shape, device)?,
            overlap: Tensor::from_vec(overlaps, shape, device)?,
        })
    })
}

/// dy, m and q.
#[inline(always)]
fn tangent<T: Real>(
    dx: &[T],
    x: &[T],
    [gain, dgain, dshift]: [&[T]; 3],
    scale: &[T],
    mean: &[T],
    sets: Sets,
    strips: Strips,
) -> [Vec<T>; 3] {
    let (k, d) = (strips.k, strips.d);
    let (n_sets, block) = (d / sets.width, sets.rows * d);
    let mut out = [Vec::with_capacity(dx.len()), Vec::new(), Vec::new()];
    let [value, means, overlaps] = &mut out;
    let (mut line, mut space) = (strips.tile(dgain), Vec::new());
    let blocks = dx.chunks(k * block).zip(x.chunks(block));
    let of_sets = scale.chunks_exact(n_sets).zip(mean.chunks_exact(n_sets));
    for ((dx, x), (s, mean)) in blocks.zip(of_sets) {
        let mu: Vec<T> = strips.tile(&sets.columns(d, |_, set| mean[set].wide()));
        let (mut of_dx, mut of_both) = (strips.sums(), strips.sums());
        for (dx, x) in strips.of_tangents(dx).zip(strips.of_values(x)) {
            add_row(&mut of_dx, dx);
            add_centred(&mut of_both, dx, strips.repeat(x, &mut space), &mu);
        }
        let s = |i: usize| s[i % n_sets].wide();
        let m = sets.means(&strips.fold(&of_dx), x.len() / d);
        let mut q = sets.means(&strips.fold(&of_both), x.len() / d);
        for (i, q) in q.iter_mut().enumerate() {
            *q *= s(i);
        }
        means.extend(m.iter().map(|x| T::of(*x)));
        overlaps.extend(q.iter().map(|x| T::of(*x)));
        // dy = γs·dx + (x − μ)·s(dγ − γsq) + (dβ − γsm).
        let scaled = |j: usize, i: usize| gain[j % d].wide() * s(i);
        let p: Vec<T> = strips.tile(&sets.columns(k * d, scaled));
        let r: Vec<T> = strips
            .tile(&sets.columns(k * d, |j, i| s(i) * (dgain[j].wide() - scaled(j, i) * q[i])));
        let t: Vec<T> =
            strips.tile(&sets.columns(k * d, |j, i| dshift[j].wide() - scaled(j, i) * m[i]));
        for (dx, x) in strips.of_tangents(dx).zip(strips.of_values(x)) {
            let n = dx.len();
            let (line, x) = (&mut line[..n], &strips.repeat(x, &mut space)[..n]);
            let (mu, p, r, t) = (&mu[..n], &p[..n], &r[..n], &t[..n]);
            for j in 0..n {
                line[j] = p[j] * dx[j] + r[j] * (x[j] - mu[j]) + t[j];
            }
            value.extend_from_slice(line);
        }
    }
    out
}

/// What the last pass gives.
pub(crate) struct NormCurved {
    /// d(∂/∂x).
    pub(crate) value: Tensor,
    /// Σ dg over all rows, `[k, d]`.
    pub(crate) sums: Tensor,
    /// Σ (dg∘x̂ + g∘dx̂) over all rows, `[k, d]`.
    pub(crate) products: Tensor,
}

/// Derivative of `norm_backward` along the directions.
///
/// With v = γ∘g, a and b the means of v and x̂∘v: ds = −s²·q, so that
/// d(s·(v − a − b·x̂)) = s·(dv − b·dx̂ − sq·v − (db − sq·b)·x̂ − (da − sq·a)),
/// where da is the mean of dv = γ∘dg + dγ∘g and db that of dv∘x̂ + v∘dx̂.
pub(crate) fn norm_tangent_backward(
    dg: &Tensor,
    g: &Tensor,
    x: Dual<'_>,
    gain: Dual<'_>,
    kept: NormKept<'_>,
    sets: Sets,
) -> Result<NormCurved> {
    by_dtype!(dg, T => {
        let ((n, k, d), device) = (dg.dims3()?, dg.device());
        let [g, dg, dx] = [view(g)?, view(dg)?, view(x.tangent)?];
        let [x, gain, dgain] = [view(x.value)?, view(gain.value)?, view(gain.tangent)?];
        let [m, q] = [view(kept.moved_mean)?, view(kept.overlap)?];
        let Statistics { scale, mean } = kept.statistics;
        let [scale, mean, sums, products] =
            [view(scale)?, view(mean)?, view(kept.sums)?, view(kept.products)?];
        let last = Last {
            fields: [g.slice::<T>()?, x.slice::<T>()?],
            tangents: [dg.slice::<T>()?, dx.slice::<T>()?],
            gain: gain.slice::<T>()?,
            dgain: dgain.slice::<T>()?,
            of_sets: [scale.slice::<T>()?, mean.slice::<T>()?],
            of_columns: [sums.slice::<T>()?, products.slice::<T>()?],
            along: [m.slice::<T>()?, q.slice::<T>()?],
            sets,
            strips: Strips::new(k, d),
        };
        let (value, [sums, products]) = last.derivative();
        let narrow = |sums: Vec<f64>| {
            let sums: Vec<T> = sums.into_iter().map(T::of).collect();
            Tensor::from_vec(sums, (k, d), device)
        };
        Ok(NormCurved {
            value: Tensor::from_vec(value, (n, k, d), device)?,
            sums: narrow(sums)?,
            products: narrow(products)?,
        })
    })
}

/// What the last pass reads.
struct Last<'a, T> {
    /// g and x.
    fields: [&'a [T]; 2],
    /// dg and dx.
    tangents: [&'a [T]; 2],
    gain: &'a [T],
    dgain: &'a [T],
    /// s and μ.
    of_sets: [&'a [T]; 2],
    /// Σ g and Σ x̂∘g.
    of_columns: [&'a [T]; 2],
    /// m and q.
    along: [&'a [T]; 2],
    sets: Sets,
    strips: Strips,
}

/// The factors of s·(…) by column: of dg, g, dx and x − μ, and what is added.
struct Factors<T> {
    of: [Vec<T>; 4],
    rest: Vec<T>,
    mu: Vec<T>,
}

impl<T: Real> Last<'_, T> {
    /// d(∂/∂x), Σ dg and Σ (dg∘x̂ + g∘dx̂).
    #[inline(always)]
    fn derivative(&self) -> (Vec<T>, [Vec<f64>; 2]) {
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

    /// The factors of one block; adds its sums to the totals.
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
    /// The sum of all terms, for one strip.
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
