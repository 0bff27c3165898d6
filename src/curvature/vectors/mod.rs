//! Arithmetic with long f64 vectors, one by one and in blocks, and small symmetric eigenproblems.
//! Does not know what the vectors are.

mod elementary;
mod orthonormal;
mod small_eigen;
mod sums;

pub use elementary::Pair;
pub(super) use elementary::{add_scaled, combine, dot, norm, normalised, orthonormalise};
pub(super) use orthonormal::{independent, orthonormal};
pub(super) use small_eigen::small_eigen;
pub(super) use sums::{CHUNK, add_sums, overlaps};
