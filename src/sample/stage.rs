//! Progress of a long computation within a step, for display only.

use serde::{Deserialize, Serialize};

/// Progress of a long computation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// What is being computed.
    pub stage: Stage,
    /// Hessian-vector products so far; for [`Stage::Batches`] batches, for [`Stage::Search`] rates.
    pub n_done: u32,
}

/// What is being computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The largest eigenvalues.
    Largest,
    /// Their audit.
    Audit,
    /// The largest eigenvalue of the preconditioned Hessian.
    Preconditioned,
    /// The smallest eigenvalue.
    Smallest,
    /// Fresh batches.
    Batches,
    /// A search for a learning rate.
    Search,
}
