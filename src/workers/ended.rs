//! Why a worker's life ends before its run does.
//! Does not end it.

use super::outbox::Gone;
use crate::store::StoreError;
use crate::train::TrainError;

/// Why a worker's life ends early.
pub(super) enum Ended {
    /// Nobody listens any more.
    Gone,
    /// It could not go on, for this reason.
    Failed(String),
}

impl From<Gone> for Ended {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl From<TrainError> for Ended {
    fn from(error: TrainError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Failed(format!("the run could not be recorded: {error}"))
    }
}
