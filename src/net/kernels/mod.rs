//! Fused kernels on slices of CPU tensors, generic over f32 and f64.
//! Each has a composed twin in `net::composed`; knows nothing of networks.

mod add;
mod attention;
mod attention_tangent;
mod dense;
mod gemm;
mod head;
mod real;
mod rows;
mod slices;
mod tile;

pub(crate) use add::{add, add_to};
pub use attention::Mask;
pub(crate) use attention::{Attended, Geometry, Moved, attention, attention_backward};
pub(crate) use attention_tangent::{attention_tangent, attention_tangent_backward};
pub(crate) use dense::{
    Swept, bias_activation, bias_activation_backward, bias_activation_tangent,
    bias_activation_tangent_backward,
};
pub(crate) use gemm::{
    linear, linear_backward_input, linear_backward_weight, linear_tangent,
    linear_tangent_backward_input, linear_tangent_backward_weight,
};
pub(crate) use head::{cross_entropy, cross_entropy_tangent, mse};
pub(crate) use real::Real;
pub(crate) use rows::{add_row, sum_rows};
pub use slices::widen;
pub(crate) use slices::{View, by_dtype, view, widest};
