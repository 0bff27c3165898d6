//! Why the window could not be opened.

use thiserror::Error;

/// The reason why no window could be opened, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct WindowError(pub(super) String);
