//! Fused kernels on slices of CPU tensors, generic over f32 and f64.
//! Each has a composed twin in `net::composed`; knows nothing of networks.

mod add;
mod affine;
mod attention;
mod attention_tangent;
mod blocks;
mod conv;
mod conv_input;
mod conv_sizes;
mod conv_weights;
mod dense;
mod frames;
mod gemm;
mod head;
mod moments;
mod norm;
mod norm_tangent;
mod patches;
mod pool;
mod real;
mod relu;
mod rows;
mod slices;
mod standardise;
mod standardise_rows;
mod strips;
mod tanh;
mod tile;

pub(crate) use add::{add, add_to};
pub(crate) use affine::{
    affine, affine_backward, affine_tangent, affine_tangent_backward, row_sums,
};
pub use attention::Mask;
pub(crate) use attention::{Attended, Geometry, Moved, attention, attention_backward};
pub(crate) use attention_tangent::{attention_tangent, attention_tangent_backward};
pub(crate) use conv::{conv, conv_tangent};
pub(crate) use conv_input::{conv_backward_input, conv_tangent_backward_input};
pub(crate) use conv_weights::{conv_backward_weight, conv_tangent_backward_weight};
pub(crate) use dense::{
    Swept, bias_activation, bias_activation_backward, bias_activation_tangent,
    bias_activation_tangent_backward,
};
pub(crate) use gemm::{
    linear, linear_backward_input, linear_backward_weight, linear_tangent,
    linear_tangent_backward_input, linear_tangent_backward_weight,
};
pub(crate) use head::{cross_entropy, cross_entropy_tangent, mse};
pub(crate) use norm::{NormGradients, Normed, Sets, norm, norm_backward};
pub(crate) use norm_tangent::{
    NormCurved, NormKept, NormTangent, norm_tangent, norm_tangent_backward,
};
pub(crate) use pool::{
    max_pool, max_pool_backward, max_pool_tangent, mean_pool, mean_pool_backward,
};
pub(crate) use real::Real;
pub(crate) use relu::{relu, relu_gate};
pub(crate) use rows::{add_row, sum_rows};
pub use slices::widen;
pub(crate) use slices::{View, by_dtype, view, widest};
pub(crate) use standardise::{
    Means, Projected, Standardised, standardise, standardise_project, standardise_tangent_backward,
};
pub(crate) use tanh::{tanh, tanh_backward, tanh_tangent, tanh_tangent_backward};
