//! What is being computed before the next record, for a person who waits for it.
//! Plain numbers; nothing depends on them.

use serde::{Deserialize, Serialize};

/// How far a piece of work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// What is being done.
    pub stage: Stage,
    /// Hessian-vector products made for it so far; batches measured, or rates tried.
    pub n_done: u32,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The largest eigenvalues.
    Largest,
    /// Their audit.
    Audit,
    /// The largest eigenvalue of the Hessian as the update scales it.
    Preconditioned,
    /// The smallest eigenvalue.
    Smallest,
    /// Fresh batches.
    Batches,
    /// A search for a learning rate.
    Search,
}
