//! Borrows contiguous CPU tensors as slices of their scalar type, and compiles generic code for the
//! widest vector instructions.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::{Result, Storage, StorageRef, Tensor, WithDType, bail};

use super::Real;

/// Evaluates code generic over the scalar type of a tensor, with the widest vector instructions of
/// this CPU.
macro_rules! by_dtype {
    ($tensor:expr, $real:ident => $body:expr) => {
        match $tensor.dtype() {
            candle_core::DType::F32 => {
                type $real = f32;
                $crate::net::simd::widest(
                    #[inline(always)]
                    || $body,
                )
            }
            candle_core::DType::F64 => {
                type $real = f64;
                $crate::net::simd::widest(
                    #[inline(always)]
                    || $body,
                )
            }
            other => candle_core::bail!("eoscope computes in f32 and f64, not in {other:?}"),
        }
    };
}
pub(crate) use by_dtype;

/// Runs a closure, which must be `#[inline(always)]`, with the widest vector instructions of this
/// CPU.
#[inline(always)]
pub(crate) fn widest<R>(f: impl FnMut() -> R) -> R {
    pulp::Arch::new().dispatch(Inlined(f))
}

/// Calls the closure as `FnMut`. A call as `FnOnce` would go through a separate function, compiled
/// without the caller's vector instructions.
struct Inlined<F>(F);

impl<R, F: FnMut() -> R> pulp::NullaryFnOnce for Inlined<F> {
    type Output = R;

    #[inline(always)]
    fn call(mut self) -> R {
        (self.0)()
    }
}

/// A read lock on a contiguous CPU tensor.
pub(crate) struct View<'a> {
    storage: StorageRef<'a>,
    range: (usize, usize),
}

/// Locks a tensor's storage for reading.
///
/// # Errors
/// The tensor is not contiguous.
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

/// All elements of a contiguous CPU tensor as f64.
pub fn widen(tensor: &Tensor) -> Result<Vec<f64>> {
    let view = view(tensor)?;
    by_dtype!(tensor, T => Ok(view.slice::<T>()?.iter().map(|x| x.wide()).collect()))
}
