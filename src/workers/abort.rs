//! Why a worker's life ends before its run does.
//! Does not end it.

use super::outbox::Closed;
use crate::store::StoreError;
use crate::train::TrainError;

/// Why a worker's life ends early.
pub(super) enum Abort {
    /// Nobody listens any more.
    Closed,
    /// It could not go on, for this reason.
    Failed(String),
}

impl From<Closed> for Abort {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

impl From<TrainError> for Abort {
    fn from(error: TrainError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<StoreError> for Abort {
    fn from(error: StoreError) -> Self {
        Self::Failed(format!("the run could not be recorded: {error}"))
    }
}
