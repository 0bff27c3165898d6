//! The two tangent passes of normalization over sets of several rows.
//!
//! Shapes and symbols as in `values`; tangents `[n, k, d]`, of γ and β `[k, d]`, numbers per set
//! and direction `[b, k, d/width]`.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor};

use super::tangent_backward::TangentBackward;
use super::values::{Statistics, add_centred};
use crate::net::ops::standardise::Sets;
use crate::net::simd::row_sums::add_row;
use crate::net::simd::strips::Strips;
use crate::net::simd::{Dual, Real, by_dtype, view};

/// What the earlier passes saved: s, μ, m and q per set, Σ g and Σ x̂∘g per block and column.
#[derive(Clone, Copy)]
pub(crate) struct NormSaved<'a> {
    pub(crate) statistics: Statistics<'a>,
    pub(crate) sums: &'a Tensor,
    pub(crate) products: &'a Tensor,
    /// m, the mean of dx.
    pub(crate) tangent_mean: &'a Tensor,
    /// q, the mean of x̂∘dx.
    pub(crate) overlap: &'a Tensor,
}

/// Result of the tangent pass.
pub(crate) struct NormTangent {
    /// dy = γ∘dx̂ + dγ∘x̂ + dβ with dx̂ = s·(dx − m − x̂·q).
    pub(crate) value: Tensor,
    /// m, the mean of dx.
    pub(crate) mean: Tensor,
    /// q, the mean of x̂∘dx.
    pub(crate) overlap: Tensor,
}

/// The tangent of y from dx and the directions of γ and β.
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

/// Result of the last pass.
pub(crate) struct NormTangentBackward {
    /// d(∂/∂x).
    pub(crate) value: Tensor,
    /// Σ dg over all rows, `[k, d]`.
    pub(crate) sums: Tensor,
    /// Σ (dg∘x̂ + g∘dx̂) over all rows, `[k, d]`.
    pub(crate) products: Tensor,
}

/// Derivative of `norm_backward` along the directions.
///
/// With v = γ∘g, a and b the means of v and x̂∘v: ds = −s²·q, hence d(s·(v − a − b·x̂)) = s·(dv −
/// b·dx̂ − sq·v − (db − sq·b)·x̂ − (da − sq·a)), where da is the mean of dv = γ∘dg + dγ∘g and db
/// that of dv∘x̂ + v∘dx̂.
pub(crate) fn norm_tangent_backward(
    dg: &Tensor,
    g: &Tensor,
    x: Dual<'_>,
    gain: Dual<'_>,
    saved: NormSaved<'_>,
    sets: Sets,
) -> Result<NormTangentBackward> {
    by_dtype!(dg, T => {
        let ((n, k, d), device) = (dg.dims3()?, dg.device());
        let [g, dg, dx] = [view(g)?, view(dg)?, view(x.tangent)?];
        let [x, gain, dgain] = [view(x.value)?, view(gain.value)?, view(gain.tangent)?];
        let [m, q] = [view(saved.tangent_mean)?, view(saved.overlap)?];
        let Statistics { scale, mean } = saved.statistics;
        let [scale, mean, sums, products] =
            [view(scale)?, view(mean)?, view(saved.sums)?, view(saved.products)?];
        let last = TangentBackward {
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
        Ok(NormTangentBackward {
            value: Tensor::from_vec(value, (n, k, d), device)?,
            sums: narrow(sums)?,
            products: narrow(products)?,
        })
    })
}
