//! How a run ended: one type for events, run folders, tables, charts and trials.

use serde::{Deserialize, Serialize};

/// How a run ended, with the last loss `L` of a run that diverged and the reason `M` of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RunEnd<L = f64, M = String> {
    /// All steps were taken.
    Finished,
    /// Stopped before its last step.
    Stopped,
    /// The loss or gradient is not finite, or the loss above 1e3 × the first one: a result, not an
    /// error.
    Diverged {
        /// The loss of the last step.
        loss: L,
    },
    /// The run could not start or continue.
    Failed {
        /// One sentence: why, and what to do.
        message: M,
    },
}

/// How a run ended, without loss or reason, for counts in tables and colours in charts.
pub type EndKind = RunEnd<(), ()>;

impl<L, M> RunEnd<L, M> {
    /// The same without loss or reason.
    #[must_use]
    pub const fn kind(&self) -> EndKind {
        match self {
            Self::Finished => EndKind::Finished,
            Self::Stopped => EndKind::Stopped,
            Self::Diverged { .. } => EndKind::DIVERGED,
            Self::Failed { .. } => EndKind::FAILED,
        }
    }

    /// The word in files, in tables and on screen.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Diverged { .. } => "diverged",
            Self::Failed { .. } => "failed",
        }
    }
}

impl EndKind {
    /// Diverged.
    pub const DIVERGED: Self = Self::Diverged { loss: () };

    /// Failed.
    pub const FAILED: Self = Self::Failed { message: () };

    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Finished, Self::Stopped, Self::DIVERGED, Self::FAILED];

    /// The kind with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
