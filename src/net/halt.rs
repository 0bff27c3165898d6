//! Why a computation has no result, for all who compute with a network.
//! Does not know who asks for one, or wants it to end.
//!
//! What may take long is given a question, `is_interrupted`, and asks it again and again: passes over a
//! network between two ops, others between pieces that take some milliseconds.

use thiserror::Error;

/// Why a computation ended without a result; nothing was changed.
#[derive(Debug, Error)]
pub enum Halt {
    /// Somebody asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// A value was NaN or infinite.
    #[error("a value is not finite")]
    NotFinite,
    /// The engine could not compute.
    #[error("{0}")]
    Engine(#[from] candle_core::Error),
}

/// Goes on unless the answer is that the computation shall end.
pub(crate) fn go_on(is_interrupted: &dyn Fn() -> bool) -> Result<(), Halt> {
    if is_interrupted() { Err(Halt::Interrupted) } else { Ok(()) }
}

/// The answer, to the question whether to end, of those who never want to.
#[must_use]
pub fn never() -> bool {
    false
}
