//! How a run ended: one type and one set of words for events, folders, tables, charts and trials.
//! Does not know what ended it.

use serde::{Deserialize, Serialize};

/// How a run ended, with the last loss `L` of a run that diverged and the reason `M` of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RunEnd<L = f64, M = String> {
    /// It took all its steps.
    Finished,
    /// It was stopped before.
    Stopped,
    /// The loss or its gradient is not finite, or the loss above 1e3 × the first one. A result, not
    /// an error.
    Diverged {
        /// The loss of the last step.
        loss: L,
    },
    /// It could not start or go on.
    Failed {
        /// One sentence for a person: why, and what to do.
        message: M,
    },
}

/// How a run ended, without its loss or reason: what tables count and charts colour.
pub type EndKind = RunEnd<(), ()>;

impl<L, M> RunEnd<L, M> {
    /// Without loss and reason.
    #[must_use]
    pub const fn kind(&self) -> EndKind {
        match self {
            Self::Finished => EndKind::Finished,
            Self::Stopped => EndKind::Stopped,
            Self::Diverged { .. } => EndKind::DIVERGED,
            Self::Failed { .. } => EndKind::FAILED,
        }
    }

    /// The word for it in files, in tables and on screen.
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
    /// It diverged.
    pub const DIVERGED: Self = Self::Diverged { loss: () };

    /// It failed.
    pub const FAILED: Self = Self::Failed { message: () };

    /// All of them.
    pub const ALL: [Self; 4] = [Self::Finished, Self::Stopped, Self::DIVERGED, Self::FAILED];

    /// The one with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
