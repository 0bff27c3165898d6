//! Fused CPU kernels of attention.

mod layout;
mod tangents;
mod values;

pub use layout::Mask;
pub(crate) use layout::{AttentionSaved, AttentionTangents, Geometry};
pub(crate) use tangents::{attention_tangent, attention_tangent_backward};
pub(crate) use values::{attention, attention_backward};
