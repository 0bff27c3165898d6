//! What can be wrong with a study, each as one sentence: what, where, what to do.
//! Does not decide who prints it.

use std::path::PathBuf;

use thiserror::Error;

use crate::config::ConfigError;
use crate::store::StoreError;

/// A study that cannot be read, swept or merged.
#[derive(Debug, Error)]
pub enum StudyError {
    /// The text is not TOML, or has a key that studies do not.
    #[error(transparent)]
    Document(#[from] ConfigError),
    /// A setting that no run can have.
    #[error("{place}: {source}")]
    Setting {
        /// The part of the study.
        place: String,
        /// What is wrong with the setting.
        source: ConfigError,
    },
    /// Anything else that is wrong with the study.
    #[error("{0}")]
    Wrong(String),
    /// A run folder or a file of the study cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of a task holds another run.
    #[error(
        "{} holds a run of other settings than task {task}; remove that folder, or choose another \
         --out",
        .dir.display()
    )]
    Foreign {
        /// The run folder.
        dir: PathBuf,
        /// The task it should hold.
        task: usize,
    },
    /// One task with two outcomes.
    #[error(
        "task {task} came out differently in {} and in {}: {what}; remove the run that is wrong and \
         merge again",
        .first.display(),
        .second.display()
    )]
    Conflict {
        /// The task.
        task: usize,
        /// A run folder of it.
        first: PathBuf,
        /// Another one.
        second: PathBuf,
        /// The first column that differs, with both values.
        what: String,
    },
    /// A run folder whose table and summary do not tell of the same run.
    #[error("{}: metrics.csv goes to {n_rows} steps and summary.json tells of {n_steps}", .path.display())]
    Uneven {
        /// The folder.
        path: PathBuf,
        /// Steps in the table.
        n_rows: u64,
        /// Steps that its summary tells of.
        n_steps: u64,
    },
    /// The system gives no thread.
    #[error("cannot start a thread: {0}; try fewer with --jobs")]
    Thread(#[from] std::io::Error),
}

impl StudyError {
    /// The first line of its sentence: a text that is no TOML is shown below it.
    pub(super) fn in_one_line(&self) -> String {
        self.to_string().lines().next().unwrap_or_default().to_owned()
    }

    /// Whether something else should have been asked for, as against a machine that failed.
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
            | Self::Uneven { .. } => true,
        }
    }
}
