//! Interruption and failure of long computations.
//!
//! Long computations take a callback, `is_interrupted`, and poll it: passes over a network between
//! ops, other computations every few milliseconds.

use thiserror::Error;

/// Why a computation ended without a result. It then changed nothing.
#[derive(Debug, Error)]
pub enum Halt {
    /// `is_interrupted` returned true.
    #[error("interrupted")]
    Interrupted,
    /// A value was NaN or infinite.
    #[error("a value is not finite")]
    NotFinite,
    /// A tensor operation failed.
    #[error("{0}")]
    Engine(#[from] candle_core::Error),
}

/// Fails with [`Halt::Interrupted`] if `is_interrupted` returns true.
pub(crate) fn check_interrupted(is_interrupted: &dyn Fn() -> bool) -> Result<(), Halt> {
    if is_interrupted() { Err(Halt::Interrupted) } else { Ok(()) }
}

/// An `is_interrupted` for computations that are never interrupted.
#[must_use]
pub fn never() -> bool {
    false
}
