//! Errors of studies, each as one sentence: what, where, what to do.

use std::path::PathBuf;

use thiserror::Error;

use crate::config::ConfigError;
use crate::store::StoreError;
use crate::text::{plural, short_path};

/// Why a study cannot be read, swept or merged.
#[derive(Debug, Error)]
pub enum StudyError {
    /// Invalid TOML, or an unknown key.
    #[error(transparent)]
    Document(#[from] ConfigError),
    /// An unknown setting or an impossible value.
    #[error("{place}: {source}")]
    Setting {
        /// Where in the study's file.
        place: String,
        /// The error of the setting.
        source: ConfigError,
    },
    /// Any other mistake in the study's file, as one sentence.
    #[error("{0}")]
    Wrong(String),
    /// A run folder or a file of the study cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run folder of a task holds a run with other settings.
    #[error(
        "{} holds a run of other settings than task {task}; remove that folder, or choose another \
         --out",
        short_path(.dir)
    )]
    Foreign {
        /// The run folder.
        dir: PathBuf,
        /// Index of the task that the folder belongs to.
        task: usize,
    },
    /// Two folders hold different results for the same task.
    #[error(
        "task {task} came out differently in {} and in {}: {what}; remove the one that is wrong and \
         merge again",
        short_path(.first),
        short_path(.second)
    )]
    Conflict {
        /// Index of the task.
        task: usize,
        /// One of the run folders.
        first: PathBuf,
        /// The other run folder.
        second: PathBuf,
        /// Name and both values of the first column that differs.
        what: String,
    },
    /// A table has rows of tasks that a merge would replace by none.
    #[error(
        "{} has {} of tasks that this merge lacks: {which}; name its folder among those to merge, \
         sweep these tasks again, or choose another --out",
        short_path(.path), plural(*.n, "row")
    )]
    WouldLose {
        /// The table.
        path: PathBuf,
        /// Number of these rows.
        n: u64,
        /// Their tasks in words.
        which: String,
    },
    /// `metrics.csv` and `summary.json` of a run folder disagree on the number of steps.
    #[error("{}: metrics.csv has {}, but summary.json reports {n_steps}", short_path(.path), plural(*.n_rows, "step"))]
    StepMismatch {
        /// The run folder itself.
        path: PathBuf,
        /// Steps in `metrics.csv`.
        n_rows: u64,
        /// Steps according to `summary.json`.
        n_steps: u64,
    },
    /// `metrics.csv` of a run folder lacks rows before its last.
    #[error("{}: metrics.csv has no row of {which}", short_path(.path))]
    MissingRows {
        /// The run folder itself.
        path: PathBuf,
        /// The missing steps in words.
        which: String,
    },
    /// The system refused a thread.
    #[error("cannot start a thread: {0}; try fewer with --jobs")]
    Thread(#[from] std::io::Error),
}

impl StudyError {
    /// The first line of the message; invalid TOML is quoted on the lines after it.
    pub(super) fn first_line(&self) -> String {
        self.to_string().lines().next().unwrap_or_default().to_owned()
    }

    /// Whether the user's input is at fault, rather than the machine.
    #[must_use]
    pub fn is_mistake(&self) -> bool {
        match self {
            Self::Store(error) => error.is_mistake(),
            Self::Thread(_) => false,
            Self::Document(_)
            | Self::Setting { .. }
            | Self::Wrong(_)
            | Self::Foreign { .. }
            | Self::Conflict { .. }
            | Self::WouldLose { .. }
            | Self::StepMismatch { .. }
            | Self::MissingRows { .. } => true,
        }
    }
}
