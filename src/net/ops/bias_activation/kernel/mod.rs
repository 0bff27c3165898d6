//! Fused CPU kernels of bias and activation: `any_activation` for general φ, special cases for tanh, relu
//! and linear φ.

mod any_activation;
mod derivatives;
mod relu;
mod rows;
mod tanh;

pub(crate) use any_activation::{
    Swept, bias_activation, bias_activation_backward, bias_activation_tangent,
    bias_activation_tangent_backward,
};
pub(crate) use relu::{relu, relu_gate};
pub(crate) use rows::{add_row, sum_rows};
pub(crate) use tanh::{tanh, tanh_backward, tanh_tangent, tanh_tangent_backward};
