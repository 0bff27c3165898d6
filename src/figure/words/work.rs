//! The progress of slow work within a step, as a sentence.

use crate::protocol::{Stage, Work};
use crate::text;

/// The stage of the work and its count so far.
#[must_use]
pub fn work_sentence(work: Work) -> String {
    let n = u64::from(work.n_done);
    let (stage, noun) = match work.stage {
        Stage::Largest => ("measuring the largest eigenvalues", "Hessian-vector product"),
        Stage::Audit => ("auditing the largest eigenvalues", "Hessian-vector product"),
        Stage::Preconditioned => ("measuring λ₁(P⁻¹H)", "Hessian-vector product"),
        Stage::Smallest => ("measuring the smallest eigenvalue", "Hessian-vector product"),
        Stage::Batches => ("measuring on fresh batches", "batch measurement"),
        Stage::Search => ("searching for a rate", "rate"),
    };
    format!("{stage}: {} so far", text::plural(n, noun))
}
