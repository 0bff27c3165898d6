//! The convolution's fused kernels, for CPU tensors: values, and gradients of inputs and weights, each
//! with its derivative along a block of directions.

mod channels;
mod frames;
mod input;
mod sizes;
mod values;
mod weights;

pub(crate) use input::{conv_backward_input, conv_tangent_backward_input};
pub(crate) use values::{conv, conv_tangent};
pub(crate) use weights::{conv_backward_weight, conv_tangent_backward_weight};
