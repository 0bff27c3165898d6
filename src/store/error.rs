//! Errors of the store, each as one sentence: what failed, where, and what to do.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::config::ConfigError;
use crate::text::{plural, short_path};

/// A file or folder of a run, a study or a preset that cannot be read or written.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder already holds a run.
    #[error(
        "{} already holds a run, and runs are never overwritten; choose another folder, or remove this one",
        short_path(.0)
    )]
    Occupied(PathBuf),
    /// There is a file where the folder should be.
    #[error("{} is a file, not a folder; choose the name of a folder", short_path(.0))]
    NotAFolder(PathBuf),
    /// A link whose target is missing.
    #[error("{} is a link to a folder that is not there; make that folder, or choose another", short_path(.0))]
    DanglingLink(PathBuf),
    /// Nothing with this name exists.
    #[error("{} does not exist; check the name", short_path(.0))]
    Missing(PathBuf),
    /// There is a folder where a file is needed.
    #[error("{} is a folder; give a file, for example {}", short_path(.0), short_path(&.0.join("config.toml")))]
    NotAFile(PathBuf),
    /// A run folder in which a required file is missing.
    #[error("{} is not a run folder: there is no {file} in it", short_path(.folder))]
    Incomplete {
        /// The folder.
        folder: PathBuf,
        /// The missing file.
        file: &'static str,
    },
    /// A folder without `study.toml`.
    #[error("{} holds no study: there is no {file} in it; give the --out of a sweep", short_path(.folder))]
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
        short_path(.0)
    )]
    OtherStudy(PathBuf),
    /// A file that would be overwritten, in a folder that holds no study.
    #[error(
        "{} is there already, and no study.toml beside it shows that a study wrote it; move it away, \
         or choose another folder",
        short_path(.0)
    )]
    NotOurs(PathBuf),
    /// A study file that cannot be parsed.
    #[error(
        "{} is damaged: {problem}; if the folder belongs to this study, remove that file and run the \
         same command again: finished runs are kept",
        short_path(.path)
    )]
    DamagedStudy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Another process holds the lock on this part of the study.
    #[error("{} is being swept by another program; wait for it, or choose another folder", short_path(.0))]
    Busy(PathBuf),
    /// A line that cannot be parsed.
    #[error("{}, line {line}: {problem}", short_path(.path))]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with the line, and what was expected.
        problem: String,
    },
    /// A last line that does not end, as a program leaves it that is killed while it writes.
    #[error("{}, line {line}: this last line is incomplete, as after a program that was killed", short_path(.path))]
    Torn {
        /// The file.
        path: PathBuf,
        /// Number of that line; the first is 1.
        line: u64,
    },
    /// A file that is not in the expected format.
    #[error("{}: {problem}", short_path(.path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// An invalid configuration file.
    #[error("{}: {source}", short_path(.path))]
    Config {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ConfigError,
    },
    /// The file no longer holds the lines that the run wrote.
    #[error(
        "{}: {}: another program cut, replaced or changed the file; run again",
        short_path(.path), lost(*n_written, *n_found)
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
    #[error("{}: {problem}", short_path(.path))]
    Recovered {
        /// The file.
        path: PathBuf,
        /// The step of the change that was missing.
        step: u64,
        /// What was missing, and where it was recovered from.
        problem: String,
    },
    /// A file that a run was writing no longer exists.
    #[error(
        "{} is no longer there: another program removed it, or moved its folder; run again",
        short_path(.0)
    )]
    Gone(PathBuf),
    /// The operating system refused a write.
    #[error("cannot write {}: {source}; check that the disk has room and the folder may be written", short_path(.path))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The operating system refused a read.
    #[error("cannot read {}: {source}", short_path(.path))]
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
    let are = if n_found == 1 { "is" } else { "are" };
    format!("the run wrote {}, and {n_found} {are} there", plural(n_written as u64, "line"))
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
