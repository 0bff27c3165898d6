//! Fused CPU kernels of standardisation within rows.

mod rows;
mod tensors;

pub(crate) use tensors::{
    Means, Projected, Standardised, standardise, standardise_project, standardise_tangent_backward,
};
