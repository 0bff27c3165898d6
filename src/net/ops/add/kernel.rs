//! Fused CPU kernels: the sum of two tensors, in place or not.

use candle_core::{CpuStorage, InplaceOp2, Layout, Result, Tensor, bail};

use crate::net::simd::{Real, by_dtype, view, widest};

/// a + b, of the same shape. Runs on the calling thread; candle's own sum would use its thread
/// pool.
pub(crate) fn add(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    by_dtype!(a, T => {
        let (shape, device) = (a.shape(), a.device());
        if shape != b.shape() {
            bail!("cannot add tensors of shapes {shape:?} and {:?}", b.shape())
        }
        let (a, b) = (view(a)?, view(b)?);
        let (a, b) = (a.slice::<T>()?, b.slice::<T>()?);
        let sum: Vec<T> = a.iter().zip(b).map(|(a, b)| *a + *b).collect();
        Tensor::from_vec(sum, shape, device)
    })
}

/// sum ← sum + term. No other tensor may share the storage of `sum`.
pub(crate) fn add_to(sum: &Tensor, term: &Tensor) -> Result<()> {
    sum.inplace_op2(term, &AddTo)
}

struct AddTo;

impl InplaceOp2 for AddTo {
    fn name(&self) -> &'static str {
        "add-to"
    }

    fn cpu_fwd(
        &self,
        sum: &mut CpuStorage,
        sum_layout: &Layout,
        term: &CpuStorage,
        term_layout: &Layout,
    ) -> Result<()> {
        let (Some(to), Some(from)) =
            (sum_layout.contiguous_offsets(), term_layout.contiguous_offsets())
        else {
            bail!("kernels need contiguous tensors")
        };
        match (sum, term) {
            (CpuStorage::F32(sum), CpuStorage::F32(term)) => {
                add_slices(&mut sum[to.0..to.1], &term[from.0..from.1]);
            }
            (CpuStorage::F64(sum), CpuStorage::F64(term)) => {
                add_slices(&mut sum[to.0..to.1], &term[from.0..from.1]);
            }
            _ => bail!("both tensors must be f32 or both f64"),
        }
        Ok(())
    }
}

fn add_slices<T: Real>(sum: &mut [T], term: &[T]) {
    widest(
        #[inline(always)]
        || {
            for (sum, term) in sum.iter_mut().zip(term) {
                *sum += *term;
            }
        },
    );
}
