//! Adds one tensor to another in place.
//! Does not know what is summed.

use candle_core::{CpuStorage, InplaceOp2, Layout, Result, Tensor, bail};

use super::Real;

/// sum ← sum + term. Only for a sum that no other tensor shares.
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
                add(&mut sum[to.0..to.1], &term[from.0..from.1]);
            }
            (CpuStorage::F64(sum), CpuStorage::F64(term)) => {
                add(&mut sum[to.0..to.1], &term[from.0..from.1]);
            }
            _ => bail!("eoscope computes in f32 and f64, one at a time"),
        }
        Ok(())
    }
}

fn add<T: Real>(sum: &mut [T], term: &[T]) {
    pulp::Arch::new().dispatch(|| {
        for (sum, term) in sum.iter_mut().zip(term) {
            *sum += *term;
        }
    });
}
