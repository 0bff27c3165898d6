//! Standardisation of sets within a row, on slices: every set is contiguous.
//!
//! Shapes and symbols as in `tensors`.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use crate::net::simd::Real;

/// Number of interleaved partial sums.
const LANES: usize = 8;

/// Σ f(xᵢ, yᵢ) over two slices of equal length.
#[inline(always)]
fn sum<T: Real>(x: &[T], y: &[T], f: impl Fn(f64, f64) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let (xs, ys) = (x.chunks_exact(LANES), y.chunks_exact(LANES));
    let rest = xs.remainder().iter().zip(ys.remainder());
    let rest: f64 = rest.map(|(x, y)| f(x.wide(), y.wide())).sum();
    for (x, y) in xs.zip(ys) {
        for i in 0..LANES {
            lanes[i] += f(x[i].wide(), y[i].wide());
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// x̂, s, μ and σ² of sets of `width`.
#[inline(always)]
pub(super) fn forward<T: Real>(x: &[T], width: usize, epsilon: f64) -> [Vec<T>; 4] {
    let zeros = || vec![T::ZERO; x.len() / width];
    let mut out = [vec![T::ZERO; x.len()], zeros(), zeros(), zeros()];
    let [value, scales, means, variances] = &mut out;
    let sets = x.chunks_exact(width).zip(value.chunks_exact_mut(width));
    for (at, (x, value)) in sets.enumerate() {
        let mean = sum(x, x, |x, _| x) / width as f64;
        let variance = sum(x, x, |x, _| (x - mean) * (x - mean)) / width as f64;
        let scale = 1.0 / (variance + epsilon).sqrt();
        (scales[at], means[at], variances[at]) = (T::of(scale), T::of(mean), T::of(variance));
        let (scale, mean) = (scales[at], means[at]);
        for (value, x) in value.iter_mut().zip(x) {
            *value = scale * (*x - mean);
        }
    }
    out
}

/// J·v, m and q.
#[inline(always)]
pub(super) fn project<T: Real>(
    v: &[T],
    hat: &[T],
    scale: &[T],
    k: usize,
    d: usize,
    width: usize,
) -> [Vec<T>; 3] {
    let zeros = || vec![T::ZERO; v.len() / width];
    let mut out = [vec![T::ZERO; v.len()], zeros(), zeros()];
    let [value, means, overlaps] = &mut out;
    let n_sets = d / width;
    let n = width as f64;
    for (at, (v, value)) in v.chunks_exact(width).zip(value.chunks_exact_mut(width)).enumerate() {
        let set = at / (k * n_sets) * n_sets + at % n_sets;
        let (hat, s) = (&hat[set * width..][..width], scale[set]);
        let m = T::of(sum(v, v, |v, _| v) / n);
        let q = T::of(sum(v, hat, |v, hat| v * hat) / n);
        (means[at], overlaps[at]) = (m, q);
        for j in 0..width {
            value[j] = s * (v[j] - m - hat[j] * q);
        }
    }
    out
}

/// Inputs of `tangent_backward`.
pub(super) struct TangentBackward<'a, T> {
    /// x̂ and g.
    pub(super) fields: [&'a [T]; 2],
    /// dx̂ and dg.
    pub(super) tangents: [&'a [T]; 2],
    /// s, a and b.
    pub(super) sets: [&'a [T]; 3],
    pub(super) beta: &'a [T],
}

/// The derivative of J·g along the directions.
#[inline(always)]
pub(super) fn tangent_backward<T: Real>(
    from: &TangentBackward<'_, T>,
    k: usize,
    d: usize,
    width: usize,
) -> Vec<T> {
    let [dhat, dg] = from.tangents;
    let mut out = vec![T::ZERO; dg.len()];
    let n_sets = d / width;
    let n = width as f64;
    let tangents = dhat.chunks_exact(width).zip(dg.chunks_exact(width));
    for (at, ((dhat, dg), out)) in tangents.zip(out.chunks_exact_mut(width)).enumerate() {
        let set = at / (k * n_sets) * n_sets + at % n_sets;
        let [hat, g] = from.fields.map(|data| &data[set * width..][..width]);
        let [s, a, b] = from.sets.map(|data| data[set]);
        let da = sum(dg, dg, |dg, _| dg) / n;
        let db = (sum(dg, hat, |x, y| x * y) + sum(dhat, g, |x, y| x * y)) / n;
        let c = s.wide() * from.beta[at].wide();
        let (e, f) = (T::of(db - c * b.wide()), T::of(da - c * a.wide()));
        let c = T::of(c);
        for j in 0..width {
            out[j] = s * (dg[j] - b * dhat[j] - c * g[j] - e * hat[j] - f);
        }
    }
    out
}
