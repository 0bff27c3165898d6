//! Standardising sets of elements to mean 0 and variance 1, with what its four passes need.
//! Does not know why elements stand together.
//!
//! Shapes: values `[n, d]`, tangents `[n, k, d]`, one number for each set `[b, d/width]` where b is
//! the number of blocks of rows, and its tangents `[b, k, d/width]`. Sums are in f64.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Tensor};

use super::moments::{Moments, add_products, add_row, spread, total};
use super::{Real, by_dtype, standardise_rows as rows, view};

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
}

/// What the forward pass leaves.
#[derive(Debug)]
pub(crate) struct Standardised {
    /// x̂ = s·(x − μ).
    pub(crate) value: Tensor,
    /// s = 1/√(σ² + ε).
    pub(crate) scale: Tensor,
    /// μ.
    pub(crate) mean: Tensor,
    /// σ², the mean square of x − μ.
    pub(crate) variance: Tensor,
}

/// x̂ = (x − μ)/√(σ² + ε) with μ and σ² of each set.
pub(crate) fn standardise(x: &Tensor, sets: Sets, epsilon: f64) -> Result<Standardised> {
    by_dtype!(x, T => {
        let (n, d) = x.dims2()?;
        let device = x.device();
        let shape = (n.div_ceil(sets.rows), d / sets.width);
        let x = view(x)?;
        let x = x.slice::<T>()?;
        let [value, scale, mean, variance] = if sets.rows == 1 {
            rows::forward(x, sets.width, epsilon)
        } else {
            forward(x, d, sets, epsilon)
        };
        Ok(Standardised {
            value: Tensor::from_vec(value, (n, d), device)?,
            scale: Tensor::from_vec(scale, shape, device)?,
            mean: Tensor::from_vec(mean, shape, device)?,
            variance: Tensor::from_vec(variance, shape, device)?,
        })
    })
}

/// x̂, s, μ and σ².
#[inline(always)]
fn forward<T: Real>(x: &[T], d: usize, sets: Sets, epsilon: f64) -> [Vec<T>; 4] {
    let mut out = [vec![T::ZERO; x.len()], Vec::new(), Vec::new(), Vec::new()];
    let [value, scales, means, variances] = &mut out;
    let mut moments = Moments::new(d);
    let (mut mean, mut scale) = (vec![T::ZERO; d], vec![T::ZERO; d]);
    let block = sets.rows * d;
    for (x, value) in x.chunks(block).zip(value.chunks_mut(block)) {
        let first = scales.len();
        moments.of_rows(x);
        for (mean, variance) in moments.of_sets(sets.width) {
            means.push(T::of(mean));
            variances.push(T::of(variance));
            scales.push(T::of(1.0 / (variance + epsilon).sqrt()));
        }
        spread(&means[first..], &mut mean);
        spread(&scales[first..], &mut scale);
        for (x, value) in x.chunks_exact(d).zip(value.chunks_exact_mut(d)) {
            for j in 0..d {
                value[j] = scale[j] * (x[j] - mean[j]);
            }
        }
    }
    out
}

/// A block of vectors multiplied by the Jacobian of x̂, and the means on the way.
pub(crate) struct Projected {
    /// J·v = s·(v − m − x̂·q), `[n, k, d]`.
    pub(crate) value: Tensor,
    /// m, the mean of v.
    pub(crate) mean: Tensor,
    /// q, the mean of x̂∘v.
    pub(crate) overlap: Tensor,
}

/// J·v for v `[n, k, d]`. J is symmetric, so that this is the tangent and the backward pass.
pub(crate) fn standardise_project(
    v: &Tensor,
    hat: &Tensor,
    scale: &Tensor,
    sets: Sets,
) -> Result<Projected> {
    by_dtype!(v, T => {
        let (n, k, d) = v.dims3()?;
        let device = v.device();
        let shape = (n.div_ceil(sets.rows), k, d / sets.width);
        let (v, hat, scale) = (view(v)?, view(hat)?, view(scale)?);
        let slices = (v.slice::<T>()?, hat.slice::<T>()?, scale.slice::<T>()?);
        let [value, mean, overlap] = if sets.rows == 1 {
            rows::project(slices, (k, d), sets.width)
        } else {
            project(slices, (k, d), sets)
        };
        Ok(Projected {
            value: Tensor::from_vec(value, (n, k, d), device)?,
            mean: Tensor::from_vec(mean, shape, device)?,
            overlap: Tensor::from_vec(overlap, shape, device)?,
        })
    })
}

/// J·v, m and q.
#[inline(always)]
fn project<T: Real>(
    (v, hat, scale): (&[T], &[T], &[T]),
    (k, d): (usize, usize),
    sets: Sets,
) -> [Vec<T>; 3] {
    let mut out = [vec![T::ZERO; v.len()], Vec::new(), Vec::new()];
    let [value, means, overlaps] = &mut out;
    let (mut sums, mut products) = (vec![0.0; k * d], vec![0.0; k * d]);
    let (mut s, mut m, mut q) = (vec![T::ZERO; d], vec![T::ZERO; k * d], vec![T::ZERO; k * d]);
    let block = sets.rows * d;
    let blocks = v.chunks(block * k).zip(hat.chunks(block)).zip(value.chunks_mut(block * k));
    for (((v, hat), value), scale) in blocks.zip(scale.chunks_exact(d / sets.width)) {
        sums.fill(0.0);
        products.fill(0.0);
        for (v, hat) in v.chunks_exact(k * d).zip(hat.chunks_exact(d)) {
            add_row(&mut sums, v);
            for (v, products) in v.chunks_exact(d).zip(products.chunks_exact_mut(d)) {
                add_products(products, v, hat);
            }
        }
        let first = means.len();
        let n_elements = (hat.len() / d * sets.width) as f64;
        for (sum, product) in sums.chunks_exact(sets.width).zip(products.chunks_exact(sets.width)) {
            means.push(T::of(total(sum) / n_elements));
            overlaps.push(T::of(total(product) / n_elements));
        }
        spread(scale, &mut s);
        spread(&means[first..], &mut m);
        spread(&overlaps[first..], &mut q);
        let rows = v.chunks_exact(k * d).zip(value.chunks_exact_mut(k * d));
        for ((v, value), hat) in rows.zip(hat.chunks_exact(d)) {
            for i in 0..k {
                let (v, value) = (&v[i * d..][..d], &mut value[i * d..][..d]);
                let (m, q) = (&m[i * d..][..d], &q[i * d..][..d]);
                for j in 0..d {
                    value[j] = s[j] * (v[j] - m[j] - hat[j] * q[j]);
                }
            }
        }
    }
    out
}

/// What the last pass needs of the three before, by set: s, the mean of g, the mean of x̂∘g, and
/// for each direction the mean of x̂∘dx.
#[derive(Clone, Copy)]
pub(crate) struct Means<'a> {
    pub(crate) scale: &'a Tensor,
    pub(crate) gradient: &'a Tensor,
    pub(crate) overlap: &'a Tensor,
    pub(crate) tangent: &'a Tensor,
}

/// Derivative of J·g along the directions, from dg `[n, k, d]`, g, and x̂ with its tangents.
///
/// With a, b the means of g and x̂∘g, and β that of x̂∘dx: ds = −s²·β, so that
/// d(s·(g − a − b·x̂)) = s·(dg − b·dx̂ − sβ·g − (db − sβ·b)·x̂ − (da − sβ·a)),
/// where da is the mean of dg and db that of dg∘x̂ + g∘dx̂.
pub(crate) fn standardise_tangent_backward(
    dg: &Tensor,
    g: &Tensor,
    (hat, dhat): (&Tensor, &Tensor),
    means: Means<'_>,
    sets: Sets,
) -> Result<Tensor> {
    by_dtype!(dg, T => {
        let (n, k, d) = dg.dims3()?;
        let device = dg.device();
        let (dg, g, hat, dhat) = (view(dg)?, view(g)?, view(hat)?, view(dhat)?);
        let (s, a) = (view(means.scale)?, view(means.gradient)?);
        let (b, beta) = (view(means.overlap)?, view(means.tangent)?);
        let second = Second {
            fields: [hat.slice::<T>()?, g.slice::<T>()?],
            tangents: [dhat.slice::<T>()?, dg.slice::<T>()?],
            sets: [s.slice::<T>()?, a.slice::<T>()?, b.slice::<T>()?],
            beta: beta.slice::<T>()?,
        };
        let derivative = if sets.rows == 1 {
            rows::second(&second, (k, d), sets.width)
        } else {
            second.derivative((k, d), sets)
        };
        Tensor::from_vec(derivative, (n, k, d), device)
    })
}

/// What the last pass reads.
pub(super) struct Second<'a, T> {
    /// x̂ and g.
    pub(super) fields: [&'a [T]; 2],
    /// dx̂ and dg.
    pub(super) tangents: [&'a [T]; 2],
    /// s, a and b.
    pub(super) sets: [&'a [T]; 3],
    pub(super) beta: &'a [T],
}

impl<T: Real> Second<'_, T> {
    #[inline(always)]
    fn derivative(&self, (k, d): (usize, usize), sets: Sets) -> Vec<T> {
        let mut out = vec![T::ZERO; self.tangents[0].len()];
        let n_sets = d / sets.width;
        let (mut sums, mut products) = (vec![0.0; k * d], vec![0.0; k * d]);
        let zeros = |n| [vec![T::ZERO; n], vec![T::ZERO; n], vec![T::ZERO; n]];
        let mut by_set = zeros(k * n_sets);
        let (mut s, mut b) = (vec![T::ZERO; d], vec![T::ZERO; d]);
        let mut by_column = zeros(k * d);
        let block = sets.rows * d;
        for (at, out) in out.chunks_mut(block * k).enumerate() {
            let n_rows = out.len() / (k * d);
            let fields = self.fields.map(|data| &data[at * block..][..n_rows * d]);
            let tangents = self.tangents.map(|data| &data[at * block * k..][..n_rows * k * d]);
            sums_of_rows(fields, tangents, (k, d), [&mut sums, &mut products]);
            let [scale, mean, overlap] = self.sets.map(|data| &data[at * n_sets..][..n_sets]);
            let beta = &self.beta[at * n_sets * k..][..n_sets * k];
            let n_elements = (n_rows * sets.width) as f64;
            for i in 0..k * n_sets {
                let columns = i * sets.width..(i + 1) * sets.width;
                let da = total(&sums[columns.clone()]) / n_elements;
                let db = total(&products[columns]) / n_elements;
                let set = i % n_sets;
                let c = scale[set].wide() * beta[i].wide();
                by_set[0][i] = T::of(c);
                by_set[1][i] = T::of(db - c * overlap[set].wide());
                by_set[2][i] = T::of(da - c * mean[set].wide());
            }
            spread(scale, &mut s);
            spread(overlap, &mut b);
            for (set, column) in by_set.iter().zip(&mut by_column) {
                spread(set, column);
            }
            combine(out, fields, tangents, (&s, &b, &by_column));
        }
        out
    }
}

/// Σ dg and Σ (dg∘x̂ + g∘dx̂) over the rows of a block, for each column.
#[inline(always)]
fn sums_of_rows<T: Real>(
    [hat, g]: [&[T]; 2],
    [dhat, dg]: [&[T]; 2],
    (k, d): (usize, usize),
    [sums, products]: [&mut [f64]; 2],
) {
    sums.fill(0.0);
    products.fill(0.0);
    let rows = dhat.chunks_exact(k * d).zip(dg.chunks_exact(k * d));
    for ((dhat, dg), (hat, g)) in rows.zip(hat.chunks_exact(d).zip(g.chunks_exact(d))) {
        add_row(sums, dg);
        for (i, products) in products.chunks_exact_mut(d).enumerate() {
            add_products(products, &dg[i * d..][..d], hat);
            add_products(products, &dhat[i * d..][..d], g);
        }
    }
}

/// s·(dg − b·dx̂ − c·g − e·x̂ − f) of every element of a block.
#[inline(always)]
fn combine<T: Real>(
    out: &mut [T],
    [hat, g]: [&[T]; 2],
    [dhat, dg]: [&[T]; 2],
    (s, b, [c, e, f]): (&[T], &[T], &[Vec<T>; 3]),
) {
    let (d, kd) = (s.len(), c.len());
    let rows = out.chunks_exact_mut(kd).zip(dhat.chunks_exact(kd).zip(dg.chunks_exact(kd)));
    for ((out, (dhat, dg)), (hat, g)) in rows.zip(hat.chunks_exact(d).zip(g.chunks_exact(d))) {
        for start in (0..kd).step_by(d) {
            let (out, dhat, dg) = (&mut out[start..][..d], &dhat[start..][..d], &dg[start..][..d]);
            let (c, e, f) = (&c[start..][..d], &e[start..][..d], &f[start..][..d]);
            for j in 0..d {
                out[j] = s[j] * (dg[j] - b[j] * dhat[j] - c[j] * g[j] - e[j] * hat[j] - f[j]);
            }
        }
    }
}
