//! Forward and backward pass of y = γ∘x̂ + β for sets of several rows; `standardise` handles sets
//! within a row.
//!
//! Shapes: values `[n, d]`, γ and β `[d]`, numbers per set `[b, d/width]` for b blocks of rows.
//! Only numbers per set are saved: recomputing x̂ = s·(x − μ) is cheaper than reading it. Sums are
//! in f64.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor};

use crate::net::ops::standardise::Sets;
use crate::net::simd::mean_variance::Moments;
use crate::net::simd::row_sums::add_row;
use crate::net::simd::strips::Strips;
use crate::net::simd::{Real, by_dtype, view};

/// Statistics of each set, `[b, d/width]`.
#[derive(Clone, Copy)]
pub(crate) struct Statistics<'a> {
    /// s.
    pub(crate) scale: &'a Tensor,
    /// μ.
    pub(crate) mean: &'a Tensor,
}

/// Result of the forward pass.
#[derive(Debug)]
pub(crate) struct Normed {
    /// y.
    pub(crate) value: Tensor,
    /// s = 1/√(σ² + ε).
    pub(crate) scale: Tensor,
    /// μ.
    pub(crate) mean: Tensor,
    /// σ², the mean square of x − μ.
    pub(crate) variance: Tensor,
}

/// y = γ∘s·(x − μ) + β with μ and σ² of each set.
pub(crate) fn norm(
    x: &Tensor,
    gain: &Tensor,
    shift: &Tensor,
    sets: Sets,
    epsilon: f64,
) -> Result<Normed> {
    by_dtype!(x, T => {
        let ((n, d), device) = (x.dims2()?, x.device());
        let (x, gain, shift) = (view(x)?, view(gain)?, view(shift)?);
        let (gain, shift) = (gain.slice::<T>()?, shift.slice::<T>()?);
        let [y, scale, mean, variance] = forward(x.slice::<T>()?, gain, shift, sets, epsilon);
        let shape = (n.div_ceil(sets.rows), d / sets.width);
        Ok(Normed {
            value: Tensor::from_vec(y, (n, d), device)?,
            scale: Tensor::from_vec(scale, shape, device)?,
            mean: Tensor::from_vec(mean, shape, device)?,
            variance: Tensor::from_vec(variance, shape, device)?,
        })
    })
}

/// y, s, μ and σ².
#[inline(always)]
fn forward<T: Real>(x: &[T], gain: &[T], shift: &[T], sets: Sets, epsilon: f64) -> [Vec<T>; 4] {
    let d = gain.len();
    let strips = Strips::new(1, d);
    let mut out = [Vec::with_capacity(x.len()), Vec::new(), Vec::new(), Vec::new()];
    let [y, scales, means, variances] = &mut out;
    let mut moments = Moments::new(strips);
    let mut line = strips.tile(shift);
    let shift = strips.tile(shift);
    for x in x.chunks(sets.rows * d) {
        let first = scales.len();
        moments.of_rows(x);
        for (mean, variance) in moments.of_sets(sets.width) {
            means.push(T::of(mean));
            variances.push(T::of(variance));
            scales.push(T::of(1.0 / (variance + epsilon).sqrt()));
        }
        let (s, m) = (&scales[first..], &means[first..]);
        let m: Vec<T> = strips.tile(&sets.columns(d, |_, set| m[set].wide()));
        let p: Vec<T> = strips.tile(&sets.columns(d, |j, set| gain[j].wide() * s[set].wide()));
        for x in strips.of_values(x) {
            let line = &mut line[..x.len()];
            let (m, p, shift) = (&m[..x.len()], &p[..x.len()], &shift[..x.len()]);
            for j in 0..x.len() {
                line[j] = p[j] * (x[j] - m[j]) + shift[j];
            }
            y.extend_from_slice(line);
        }
    }
    out
}

/// Result of the backward pass; sums are over the rows of each block, `[b, d]`.
pub(crate) struct NormGradients {
    /// ∂/∂x = s·(v − a − x̂·b), where v = γ∘g, a is its mean and b that of x̂∘v.
    pub(crate) value: Tensor,
    /// Σ g.
    pub(crate) sums: Tensor,
    /// Σ x̂∘g.
    pub(crate) products: Tensor,
}

/// From g = ∂/∂y.
pub(crate) fn norm_backward(
    g: &Tensor,
    x: &Tensor,
    gain: &Tensor,
    statistics: Statistics<'_>,
    sets: Sets,
) -> Result<NormGradients> {
    by_dtype!(g, T => {
        let ((n, d), device) = (g.dims2()?, g.device());
        let (g, x, gain, s, m) = (view(g)?, view(x)?, view(gain)?, view(statistics.scale)?, view(statistics.mean)?);
        let (s, m) = (s.slice::<T>()?, m.slice::<T>()?);
        let [value, sums, products] =
            backward(g.slice::<T>()?, x.slice::<T>()?, gain.slice::<T>()?, s, m, sets);
        let shape = (n.div_ceil(sets.rows), d);
        Ok(NormGradients {
            value: Tensor::from_vec(value, (n, d), device)?,
            sums: Tensor::from_vec(sums, shape, device)?,
            products: Tensor::from_vec(products, shape, device)?,
        })
    })
}

/// ∂/∂x, Σ g and Σ x̂∘g.
#[inline(always)]
fn backward<T: Real>(
    g: &[T],
    x: &[T],
    gain: &[T],
    scale: &[T],
    mean: &[T],
    sets: Sets,
) -> [Vec<T>; 3] {
    let d = gain.len();
    let (strips, n_sets) = (Strips::new(1, d), d / sets.width);
    let mut out = [Vec::with_capacity(g.len()), Vec::new(), Vec::new()];
    let [value, sums, products] = &mut out;
    let mut line = strips.tile(gain);
    let blocks = g.chunks(sets.rows * d).zip(x.chunks(sets.rows * d));
    let of_sets = scale.chunks_exact(n_sets).zip(mean.chunks_exact(n_sets));
    for ((g, x), (s, m)) in blocks.zip(of_sets) {
        let m: Vec<T> = strips.tile(&sets.columns(d, |_, set| m[set].wide()));
        let (mut of_g, mut of_both) = (strips.sums(), strips.sums());
        for (g, x) in strips.of_values(g).zip(strips.of_values(x)) {
            add_row(&mut of_g, g);
            add_centred(&mut of_both, g, x, &m);
        }
        let of_g = strips.fold(&of_g);
        let mut of_both = strips.fold(&of_both);
        for (j, sum) in of_both.iter_mut().enumerate() {
            *sum *= s[j / sets.width].wide();
        }
        let mean_of = |sums: &[f64]| {
            let weighted: Vec<f64> = sums.iter().zip(gain).map(|(x, y)| x * y.wide()).collect();
            sets.means(&weighted, g.len() / d)
        };
        let (a, b) = (mean_of(&of_g), mean_of(&of_both));
        sums.extend(of_g.iter().map(|x| T::of(*x)));
        products.extend(of_both.iter().map(|x| T::of(*x)));
        let s = |set: usize| s[set].wide();
        let p: Vec<T> = strips.tile(&sets.columns(d, |j, set| s(set) * gain[j].wide()));
        let q: Vec<T> = strips.tile(&sets.columns(d, |_, set| s(set) * s(set) * b[set]));
        let r: Vec<T> = strips.tile(&sets.columns(d, |_, set| s(set) * a[set]));
        for (g, x) in strips.of_values(g).zip(strips.of_values(x)) {
            let line = &mut line[..g.len()];
            let (x, m, p) = (&x[..g.len()], &m[..g.len()], &p[..g.len()]);
            let (q, r) = (&q[..g.len()], &r[..g.len()]);
            for j in 0..g.len() {
                line[j] = p[j] * g[j] - q[j] * (x[j] - m[j]) - r[j];
            }
            value.extend_from_slice(line);
        }
    }
    out
}

/// sums += v∘(x − μ).
#[inline(always)]
pub(super) fn add_centred<T: Real>(sums: &mut [f64], v: &[T], x: &[T], mean: &[T]) {
    for (((sum, v), x), mean) in sums.iter_mut().zip(v).zip(x).zip(mean) {
        *sum += v.wide() * (*x - *mean).wide();
    }
}
