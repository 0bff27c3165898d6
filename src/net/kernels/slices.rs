//! Borrowing a contiguous CPU tensor as a slice of its scalar type.
//! Does not compute.

use candle_core::{Result, Storage, StorageRef, Tensor, WithDType, bail};

use super::Real;

/// Evaluates code compiled for the widest vector instructions that this machine has.
///
/// It is written out once for each kind of machine: code called from a single place is inlined
/// there, and only what is inlined gets the vector instructions of its caller.
macro_rules! vectorized {
    ($body:expr) => {{
        #[cfg(target_arch = "x86_64")]
        let found = match pulp::x86::V3::try_new() {
            Some(simd) => pulp::Simd::vectorize(simd, || $body),
            None => pulp::Simd::vectorize(pulp::Scalar::new(), || $body),
        };
        #[cfg(not(target_arch = "x86_64"))]
        let found = pulp::Arch::new().dispatch(|| $body);
        found
    }};
}
pub(crate) use vectorized;

/// Evaluates generic code with the scalar type of a tensor, [`vectorized`].
macro_rules! by_dtype {
    ($tensor:expr, $real:ident => $body:expr) => {
        match $tensor.dtype() {
            candle_core::DType::F32 => {
                type $real = f32;
                $crate::net::kernels::vectorized!($body)
            }
            candle_core::DType::F64 => {
                type $real = f64;
                $crate::net::kernels::vectorized!($body)
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
