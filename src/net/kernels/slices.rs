//! Borrowing a contiguous CPU tensor as a slice of its scalar type.
//! Does not compute.

use candle_core::{Result, Storage, StorageRef, Tensor, WithDType, bail};

use super::Real;

/// Evaluates generic code with the scalar type of a tensor, compiled for the widest vector
/// instructions that this machine has.
macro_rules! by_dtype {
    ($tensor:expr, $real:ident => $body:expr) => {
        match $tensor.dtype() {
            candle_core::DType::F32 => {
                type $real = f32;
                pulp::Arch::new().dispatch(|| $body)
            }
            candle_core::DType::F64 => {
                type $real = f64;
                pulp::Arch::new().dispatch(|| $body)
            }
            other => candle_core::bail!("eoscope computes in f32 and f64, not in {other:?}"),
        }
    };
}
pub(crate) use by_dtype;

/// A contiguous CPU tensor, held for reading.
pub(crate) struct View<'a> {
    storage: StorageRef<'a>,
    range: (usize, usize),
}

/// Holds a tensor's storage for reading.
///
/// # Errors
/// When the tensor is not contiguous.
pub(crate) fn view(tensor: &Tensor) -> Result<View<'_>> {
    let (storage, layout) = tensor.storage_and_layout();
    match layout.contiguous_offsets() {
        Some(range) => Ok(View { storage, range }),
        None => bail!("kernels need contiguous tensors, got strides {:?}", layout.stride()),
    }
}

impl View<'_> {
    /// The elements.
    pub(crate) fn slice<T: WithDType>(&self) -> Result<&[T]> {
        match &*self.storage {
            Storage::Cpu(storage) => Ok(&storage.as_slice::<T>()?[self.range.0..self.range.1]),
            Storage::Cuda(_) | Storage::Metal(_) => bail!("kernels run on the CPU only"),
        }
    }
}

/// All elements as f64.
pub fn widen(tensor: &Tensor) -> Result<Vec<f64>> {
    let view = view(tensor)?;
    by_dtype!(tensor, T => Ok(view.slice::<T>()?.iter().map(|x| x.wide()).collect()))
}
