//! Fused kernels on slices of CPU tensors, generic over f32 and f64.
//! Each has a composed twin in `net::composed`; knows nothing of networks.

mod add;
mod affine;
mod dense;
mod gemm;
mod head;
mod moments;
mod real;
mod slices;
mod standardise;
mod standardise_rows;

pub(crate) use add::add_to;
pub(crate) use affine::{
    affine, affine_backward, affine_tangent, affine_tangent_backward, products, row_sums,
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
pub(crate) use real::Real;
pub use slices::widen;
pub(crate) use slices::{by_dtype, view};
pub(crate) use standardise::{
    Means, Projected, Sets, Standardised, standardise, standardise_project,
    standardise_tangent_backward,
};
