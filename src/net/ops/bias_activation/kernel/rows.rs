//! Adds a row to every row of a matrix, and sums all rows.

use candle_core::{Result, Tensor, bail};

use crate::net::simd::{Real, by_dtype, view};

/// x `[n, d]` plus `row` `[d]`.
pub(crate) fn add_row(x: &Tensor, row: &Tensor) -> Result<Tensor> {
    by_dtype!(x, T => {
        let (shape, device) = (x.dims2()?, x.device());
        if row.dims1()? != shape.1 {
            bail!("a row of {} cannot be added to rows of {}", row.dims1()?, shape.1)
        }
        let (x, row) = (view(x)?, view(row)?);
        let (x, row) = (x.slice::<T>()?, row.slice::<T>()?);
        let mut sum = vec![T::ZERO; x.len()];
        for (sum, x) in sum.chunks_exact_mut(shape.1).zip(x.chunks_exact(shape.1)) {
            for ((sum, x), row) in sum.iter_mut().zip(x).zip(row) {
                *sum = *x + *row;
            }
        }
        Tensor::from_vec(sum, shape, device)
    })
}

/// The sum `[d]` of the rows of x `[n, d]`.
pub(crate) fn sum_rows(x: &Tensor) -> Result<Tensor> {
    by_dtype!(x, T => {
        let ((_, d), device) = (x.dims2()?, x.device());
        let x = view(x)?;
        let mut sum = vec![T::ZERO; d];
        for x in x.slice::<T>()?.chunks_exact(d) {
            for (sum, x) in sum.iter_mut().zip(x) {
                *sum += *x;
            }
        }
        Tensor::from_vec(sum, d, device)
    })
}
