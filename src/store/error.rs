//! What can go wrong with a run folder, each as one sentence: what, where, what to do.
//! Does not decide who prints it.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::config::ConfigError;

/// A run folder that cannot be written or read.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder holds a run already.
    #[error(
        "{} already holds a run, and runs are never overwritten; choose another folder, or remove this one",
        .0.display()
    )]
    Occupied(PathBuf),
    /// A file stands where the folder should be.
    #[error("{} is a file, not a folder; choose the name of a folder", .0.display())]
    NotAFolder(PathBuf),
    /// A link that leads nowhere.
    #[error("{} is a link to a folder that is not there; make that folder, or choose another", .0.display())]
    DanglingLink(PathBuf),
    /// There is nothing of this name.
    #[error("{} does not exist; check the name", .0.display())]
    Missing(PathBuf),
    /// A folder was given where a configuration file is wanted.
    #[error("{} is a folder; give a file, for example {}", .0.display(), .0.join("config.toml").display())]
    NotAFile(PathBuf),
    /// A folder without one of the files that make a run.
    #[error("{} is not a run folder: there is no {file} in it", .folder.display())]
    Incomplete {
        /// The folder.
        folder: PathBuf,
        /// The missing file.
        file: &'static str,
    },
    /// A folder without a study.
    #[error("{} holds no study: there is no {file} in it; give the --out of a sweep", .folder.display())]
    NoStudy {
        /// The folder.
        folder: PathBuf,
        /// The missing file.
        file: &'static str,
    },
    /// The folder holds a study already, and not this one.
    #[error(
        "{} holds another study, or this one before it was changed; choose another folder, or remove \
         this one",
        .0.display()
    )]
    OtherStudy(PathBuf),
    /// The text of a study that cannot be read.
    #[error(
        "{} is damaged: {problem}; if this folder is of the study, remove that one file and give the \
         same command again: runs that are done are kept",
        .path.display()
    )]
    DamagedStudy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Somebody works on the same part of a study.
    #[error("{} is being swept by another program; wait for it, or choose another folder", .0.display())]
    Busy(PathBuf),
    /// A line that cannot be read.
    #[error("{}, line {line}: {problem}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it, and what was expected.
        problem: String,
    },
    /// A whole file that cannot be read as what it should be.
    #[error("{}: {problem}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A configuration file that is refused.
    #[error("{}: {source}", .path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ConfigError,
    },
    /// Lines that a run wrote are gone.
    #[error(
        "{}: {}: another program cut, replaced or changed the file; run again",
        .path.display(), lost(*n_written, *n_found)
    )]
    Lost {
        /// The file.
        path: PathBuf,
        /// Lines written.
        n_written: usize,
        /// Lines of the file of that name.
        n_found: usize,
    },
    /// Something was missing and is known from another file, so that nothing is lost.
    #[error("{}: {problem}", .path.display())]
    Recovered {
        /// The file.
        path: PathBuf,
        /// What was missing, and where it was found.
        problem: String,
    },
    /// A file that a run wrote into is gone.
    #[error(
        "{} is no longer there: another program removed it, or moved its folder; run again",
        .0.display()
    )]
    Gone(PathBuf),
    /// The system refuses to write.
    #[error("cannot write {}: {source}; check that the disk has room and the folder may be written", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system refuses to read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// What is wrong with lines that are there.
fn lost(n_written: usize, n_found: usize) -> String {
    if n_written == n_found {
        return "its lines are not those that the run wrote".to_owned();
    }
    format!("the run wrote {n_written} lines, and {n_found} are there")
}

impl StoreError {
    /// Whether something else should have been asked for, as against a machine that failed.
    #[must_use]
    pub fn is_mistake(&self) -> bool {
        !matches!(self, Self::Write { .. } | Self::Read { .. } | Self::Lost { .. } | Self::Gone(_))
    }

    /// Turns what the system said about writing `path` into a sentence.
    pub(super) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }

    /// Turns what the system said about reading `path` into a sentence.
    pub(super) fn read(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }
}
