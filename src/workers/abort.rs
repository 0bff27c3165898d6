//! Why a worker stops before its run ends.

use super::outbox::Closed;
use crate::store::StoreError;
use crate::train::TrainError;

/// Why a worker stops early.
pub(super) enum Abort {
    /// The receiver of events is gone.
    Closed,
    /// The run cannot continue, for this reason.
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
