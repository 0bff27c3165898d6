//! Vectorized arithmetic on slices of CPU tensors, generic over f32 and f64: elementary functions,
//! sums, small matrices and matrix products. The ops' kernels are built from it.

pub(crate) mod blocks;
mod directions;
pub(crate) mod gemm;
pub(crate) mod mean_variance;
mod real;
pub(crate) mod row_sums;
mod slices;
pub(crate) mod strips;
pub(crate) mod tile;

pub(crate) use directions::{Direction, Dual};
pub(crate) use real::Real;
pub use slices::widen;
pub(crate) use slices::{View, by_dtype, view, widest};
