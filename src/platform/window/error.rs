//! Why there is no window.
//! Does not try to open one.

use thiserror::Error;

/// Why there is no window.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct WindowError(pub(super) String);
