//! Fused kernels on slices of CPU tensors, generic over f32 and f64.
//! Each has a composed twin in `net::composed`; knows nothing of networks.

mod add;
mod conv;
mod dense;
mod gemm;
mod head;
mod patches;
mod pool;
mod real;
mod slices;

pub(crate) use add::add_to;
pub(crate) use conv::{
    conv, conv_backward_input, conv_backward_weight, conv_tangent, conv_tangent_backward_input,
    conv_tangent_backward_weight,
};
pub(crate) use dense::{
    Swept, bias_activation, bias_activation_backward, bias_activation_tangent,
    bias_activation_tangent_backward,
};
pub(crate) use gemm::{
    linear, linear_backward_input, linear_backward_weight, linear_tangent,
    linear_tangent_backward_input, linear_tangent_backward_weight,
};
pub(crate) use head::{cross_entropy, cross_entropy_tangent, mse};
pub(crate) use pool::{
    max_pool, max_pool_backward, max_pool_tangent, mean_pool, mean_pool_backward,
};
pub(crate) use real::Real;
pub use slices::widen;
pub(crate) use slices::{by_dtype, vectorized, view};
