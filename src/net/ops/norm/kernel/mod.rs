//! Fused kernels, for CPU tensors, of normalizing sets of several rows.

mod last;
mod tangents;
mod values;

pub(crate) use tangents::{NormCurved, NormKept, NormTangent, norm_tangent, norm_tangent_backward};
pub(crate) use values::{NormGradients, Normed, Statistics, norm, norm_backward};
