//! Fused CPU kernels of normalization over sets of several rows.

mod tangent_backward;
mod tangents;
mod values;

pub(crate) use tangents::{
    NormSaved, NormTangent, NormTangentBackward, norm_tangent, norm_tangent_backward,
};
pub(crate) use values::{NormGradients, Normed, Statistics, norm, norm_backward};
