//! Attention's fused kernels, for CPU tensors: the four passes of all heads.

mod layout;
mod tangents;
mod values;

pub use layout::Mask;
pub(crate) use layout::{Attended, Geometry, Moved};
pub(crate) use tangents::{attention_tangent, attention_tangent_backward};
pub(crate) use values::{attention, attention_backward};
