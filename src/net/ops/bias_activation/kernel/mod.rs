//! Fused CPU kernels of bias and activation: `sweep` for general φ, special cases for tanh, relu
//! and linear φ.

mod derivatives;
mod relu;
mod rows;
mod sweep;
mod tanh;

pub(crate) use relu::{relu, relu_gate};
pub(crate) use rows::{add_row, sum_rows};
pub(crate) use sweep::{
    Swept, bias_activation, bias_activation_backward, bias_activation_tangent,
    bias_activation_tangent_backward,
};
pub(crate) use tanh::{tanh, tanh_backward, tanh_tangent, tanh_tangent_backward};
