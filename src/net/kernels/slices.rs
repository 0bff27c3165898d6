//! Borrowing a contiguous CPU tensor as a slice, and the scalar types kernels run on.
//! Does not compute.

use candle_core::{Result, Storage, StorageRef, Tensor, WithDType, bail};

/// f32 or f64, with the few functions kernels need.
pub(crate) trait Real:
    WithDType + std::ops::Neg<Output = Self> + std::ops::AddAssign + std::iter::Sum + Send + Sync
{
    const ZERO: Self;
    const ONE: Self;
    fn of(x: f64) -> Self;
    fn wide(self) -> f64;
    fn exp(self) -> Self;
    fn exp_m1(self) -> Self;
    fn ln_1p(self) -> Self;
    fn tanh(self) -> Self;
    fn abs(self) -> Self;
    fn erf(self) -> Self;
}

macro_rules! real {
    ($type:ident, $erf:ident) => {
        impl Real for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;

            #[allow(clippy::cast_possible_truncation, reason = "rounding to f32 is the point")]
            fn of(x: f64) -> Self {
                x as $type
            }

            fn wide(self) -> f64 {
                f64::from(self)
            }

            fn exp(self) -> Self {
                $type::exp(self)
            }

            fn exp_m1(self) -> Self {
                $type::exp_m1(self)
            }

            fn ln_1p(self) -> Self {
                $type::ln_1p(self)
            }

            fn tanh(self) -> Self {
                $type::tanh(self)
            }

            fn abs(self) -> Self {
                $type::abs(self)
            }

            fn erf(self) -> Self {
                candle_core::cpu::erf::$erf(self)
            }
        }
    };
}
real!(f32, erf_f32);
real!(f64, erf_f64);

/// Calls a generic function with the scalar type of a tensor.
macro_rules! by_dtype {
    ($tensor:expr, $real:ident => $body:expr) => {
        match $tensor.dtype() {
            candle_core::DType::F32 => {
                type $real = f32;
                $body
            }
            candle_core::DType::F64 => {
                type $real = f64;
                $body
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
