//! Errors of the store, each as one sentence: what failed, where, and what to do.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::config::ConfigError;

/// A file or folder of a run, a study or a preset that cannot be read or written.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder already holds a run.
    #[error(
        "{} already holds a run, and runs are never overwritten; choose another folder, or remove this one",
        .0.display()
    )]
    Occupied(PathBuf),
    /// There is a file where the folder should be.
    #[error("{} is a file, not a folder; choose the name of a folder", .0.display())]
    NotAFolder(PathBuf),
    /// A link whose target is missing.
    #[error("{} is a link to a folder that is not there; make that folder, or choose another", .0.display())]
    DanglingLink(PathBuf),
    /// Nothing with this name exists.
    #[error("{} does not exist; check the name", .0.display())]
    Missing(PathBuf),
    /// There is a folder where a file is needed.
    #[error("{} is a folder; give a file, for example {}", .0.display(), .0.join("config.toml").display())]
    NotAFile(PathBuf),
    /// A run folder in which a required file is missing.
    #[error("{} is not a run folder: there is no {file} in it", .folder.display())]
    Incomplete {
        /// The folder.
        folder: PathBuf,
        /// The missing file.
        file: &'static str,
    },
    /// A folder without `study.toml`.
    #[error("{} holds no study: there is no {file} in it; give the --out of a sweep", .folder.display())]
    NoStudy {
        /// The folder.
        folder: PathBuf,
        /// The missing file.
        file: &'static str,
    },
    /// The folder already holds a different study.
    #[error(
        "{} holds another study, or an earlier version of this one; choose another folder, or remove \
         this one",
        .0.display()
    )]
    OtherStudy(PathBuf),
    /// A study file that cannot be parsed.
    #[error(
        "{} is damaged: {problem}; if the folder belongs to this study, remove that file and run the \
         same command again: finished runs are kept",
        .path.display()
    )]
    DamagedStudy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Another process holds the lock on this part of the study.
    #[error("{} is being swept by another program; wait for it, or choose another folder", .0.display())]
    Busy(PathBuf),
    /// A line that cannot be parsed.
    #[error("{}, line {line}: {problem}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with the line, and what was expected.
        problem: String,
    },
    /// A last line that does not end, as a program leaves it that is killed while it writes.
    #[error("{}, line {line}: this last line is incomplete, as after a program that was killed", .path.display())]
    Torn {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
    },
    /// A file that is not in the expected format.
    #[error("{}: {problem}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// An invalid configuration file.
    #[error("{}: {source}", .path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ConfigError,
    },
    /// The file no longer holds the lines that the run wrote.
    #[error(
        "{}: {}: another program cut, replaced or changed the file; run again",
        .path.display(), lost(*n_written, *n_found)
    )]
    Lost {
        /// The file.
        path: PathBuf,
        /// Lines written.
        n_written: usize,
        /// Lines found in the file.
        n_found: usize,
    },
    /// Missing data that was recovered from another file, so nothing is lost.
    #[error("{}: {problem}", .path.display())]
    Recovered {
        /// The file.
        path: PathBuf,
        /// What was missing, and where it was recovered from.
        problem: String,
    },
    /// A file that a run was writing no longer exists.
    #[error(
        "{} is no longer there: another program removed it, or moved its folder; run again",
        .0.display()
    )]
    Gone(PathBuf),
    /// The operating system refused a write.
    #[error("cannot write {}: {source}; check that the disk has room and the folder may be written", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The operating system refused a read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// How the lines found differ from those written.
fn lost(n_written: usize, n_found: usize) -> String {
    if n_written == n_found {
        return "its lines are not those that the run wrote".to_owned();
    }
    format!("the run wrote {n_written} lines, and {n_found} are there")
}

impl StoreError {
    /// Whether the request is at fault rather than the machine.
    #[must_use]
    pub fn is_mistake(&self) -> bool {
        !matches!(self, Self::Write { .. } | Self::Read { .. } | Self::Lost { .. } | Self::Gone(_))
    }

    /// Wraps an error of the operating system while writing `path`.
    pub(super) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }

    /// Wraps an error of the operating system while reading `path`.
    pub(super) fn read(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }
}
