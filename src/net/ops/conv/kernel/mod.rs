//! Fused CPU kernels of the convolution: outputs, and gradients of inputs and weights, each with
//! its derivative along a block of directions.

mod channels;
mod input;
mod padded;
mod sizes;
mod values;
mod weights;

pub(crate) use input::{conv_backward_input, conv_tangent_backward_input};
pub(crate) use values::{conv, conv_tangent};
pub(crate) use weights::{conv_backward_weight, conv_tangent_backward_weight};
