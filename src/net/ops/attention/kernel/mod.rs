//! Fused CPU kernels of attention.

mod head_layout;
mod tangents;
mod values;

pub use head_layout::Mask;
pub(crate) use head_layout::{AttentionSaved, AttentionTangents, Geometry};
pub(crate) use tangents::{attention_tangent, attention_tangent_backward};
pub(crate) use values::{attention, attention_backward};
