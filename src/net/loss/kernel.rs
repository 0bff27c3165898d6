//! Fused CPU kernels of the losses: value, gradient, and output Hessian times tangents.
//!
//! Shapes: outputs f and targets y `[n, o]`, tangents `[n, k, o]`; `weight` is 1/(predictions in
//! the batch).

use candle_core::{Result, Tensor};

use crate::net::simd::{Real, by_dtype, view};

/// ½ Σ (f − y)² summed over all, and its gradient weight·(f − y).
pub(crate) fn mse(f: &Tensor, y: &Tensor, weight: f64) -> Result<(f64, Tensor)> {
    by_dtype!(f, T => {
        let (shape, device) = (f.dims2()?, f.device());
        let (f, y) = (view(f)?, view(y)?);
        let (f, y) = (f.slice::<T>()?, y.slice::<T>()?);
        let loss: f64 = f.iter().zip(y).map(|(f, y)| (f.wide() - y.wide()).powi(2)).sum();
        let weight = T::of(weight);
        let g: Vec<T> = f.iter().zip(y).map(|(f, y)| weight * (*f - *y)).collect();
        Ok((0.5 * loss, Tensor::from_vec(g, shape, device)?))
    })
}

/// −Σ y·log softmax(f) summed over all, its gradient weight·(p − y), and p = softmax(f).
pub(crate) fn cross_entropy(f: &Tensor, y: &Tensor, weight: f64) -> Result<(f64, Tensor, Tensor)> {
    by_dtype!(f, T => {
        let ((n, o), device) = (f.dims2()?, f.device());
        let (f, y) = (view(f)?, view(y)?);
        let (f, y) = (f.slice::<T>()?, y.slice::<T>()?);
        let (mut loss, weight) = (0.0, T::of(weight));
        let (mut g, mut p) = (vec![T::ZERO; n * o], vec![T::ZERO; n * o]);
        let rows = f.chunks_exact(o).zip(y.chunks_exact(o));
        for ((f, y), (g, p)) in rows.zip(g.chunks_exact_mut(o).zip(p.chunks_exact_mut(o))) {
            let top = f.iter().fold(f64::NEG_INFINITY, |top, f| top.max(f.wide()));
            let total: f64 = f.iter().map(|f| (f.wide() - top).exp()).sum();
            let log_total = top + total.ln();
            for j in 0..o {
                let log_p = f[j].wide() - log_total;
                p[j] = T::of(log_p.exp());
                g[j] = weight * (p[j] - y[j]);
                if y[j] != T::ZERO {
                    loss -= y[j].wide() * log_p;
                }
            }
        }
        Ok((loss, Tensor::from_vec(g, (n, o), device)?, Tensor::from_vec(p, (n, o), device)?))
    })
}

/// weight·(p∘df − p·(pᵀdf)), the Hessian of cross-entropy applied to each tangent.
pub(crate) fn cross_entropy_tangent(df: &Tensor, p: &Tensor, weight: f64) -> Result<Tensor> {
    by_dtype!(df, T => {
        let ((n, k, o), device) = (df.dims3()?, df.device());
        let (df, p) = (view(df)?, view(p)?);
        let (df, p) = (df.slice::<T>()?, p.slice::<T>()?);
        let weight = T::of(weight);
        let mut dg = vec![T::ZERO; df.len()];
        let rows = df.chunks_exact(o).zip(dg.chunks_exact_mut(o)).enumerate();
        for (index, (df, dg)) in rows {
            let p = &p[(index / k) * o..][..o];
            let mean: T = p.iter().zip(df).map(|(p, df)| *p * *df).sum();
            for j in 0..o {
                dg[j] = weight * p[j] * (df[j] - mean);
            }
        }
        Tensor::from_vec(dg, (n, k, o), device)
    })
}
