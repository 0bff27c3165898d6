//! Errors of a subcommand, one sentence each, with their exit codes.

use std::path::PathBuf;

use thiserror::Error;

use crate::config::ConfigError;
use crate::figure::chart::TableError;
use crate::paint::PaintError;
use crate::platform::Memory;
use crate::store::StoreError;
use crate::study::StudyError;
use crate::text::{bytes, excerpt, list, plural, short_path};
use crate::train::TrainError;

/// Exit code for an invalid configuration, data or argument.
pub(super) const MISTAKE: u8 = 2;

/// Exit code for any other failure.
const FAILURE: u8 = 1;

/// Exit code of a merge with missing tasks, which a script that merges early expects.
const MISSING: u8 = 3;

/// Help on the exit codes.
pub(super) const EXIT_CODES: &str = "\
Exit status:
    0  success: a run that finished or diverged; a window that was closed, also by a signal
    1  a failure: of a run, also one of a sweep or a study that went on, a disk, a display
    2  a mistake: an invalid configuration, data or argument
    3  a merge with missing tasks: its table is written without them
  129  stopped by SIGHUP (the terminal was closed)
  130  stopped by SIGINT (Ctrl-C)
  143  stopped by SIGTERM

Runs, sweeps and studies that are stopped end within a step and keep their results so far. Signals
that were ignored at the start, as under nohup, stay ignored. A second Ctrl-C, at least one second
later, ends the program immediately.";

/// Why a subcommand failed.
#[derive(Debug, Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Train(#[from] TrainError),
    #[error("{0}")]
    Window(String),
    #[error("{} is there already; add --force to replace it, or choose another name", short_path(.0))]
    Exists(PathBuf),
    #[error("{} ends in neither .png nor .svg; choose a name with one of these endings", short_path(.0))]
    NoPicture(PathBuf),
    #[error(
        "{}x{} pixels at {dpi} dpi are too small for {}: at least {}x{} are needed, and more height \
         below a long legend or title; choose a larger --size, a lower --dpi or fewer --panels",
        .given[0], .given[1], plural(*.n_panels as u64, "plot"), .needed[0], .needed[1]
    )]
    SmallPicture { given: [u32; 2], dpi: f32, n_panels: usize, needed: [u32; 2] },
    #[error(
        "a picture of {}x{} pixels takes about {} of memory, but {} {}; choose a smaller --size, or a \
         name ending in .svg",
        .size[0], .size[1], bytes(*.needed), .memory.bound, bytes(.memory.bytes)
    )]
    LargePicture { size: [u32; 2], needed: u64, memory: Memory },
    #[error(
        "none of these runs has {}; name other --panels, or none for the usual ones", list(.0)
    )]
    NoPanels(Vec<&'static str>),
    #[error("there is no folder {}; create it, or choose another", short_path(.0))]
    NoFolder(PathBuf),
    #[error("cannot draw {}: {source}", short_path(.path))]
    Draw { path: PathBuf, source: PaintError },
    #[error("cannot write {}: {source}; check that its folder may be written and the disk has room", short_path(.path))]
    Write { path: PathBuf, source: std::io::Error },
    #[error("cannot write to the standard output: {0}")]
    Stdout(std::io::Error),
    #[error("cannot listen for Ctrl-C: {0}; start the program again")]
    Signal(std::io::Error),
    #[error("stopped before its end; {} holds the steps so far", short_path(.0))]
    Stopped(PathBuf),
    #[error("stopped before the search was done")]
    SearchStopped,
    #[error("the run failed: {0}")]
    Failed(String),
    #[error("{}: {source}", short_path(.path))]
    StudyFile { path: PathBuf, source: Box<StudyError> },
    #[error(transparent)]
    Study(#[from] StudyError),
    #[error(
        "there is no study `{}` and no such file{hint} (`eoscope studies` lists those that come \
         with the program)",
        excerpt(name)
    )]
    NoStudy { name: String, hint: String },
    #[error(
        "--run chooses a run of a picture or table that eoscope exported; name such a file before it"
    )]
    NoRunToChoose,
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(
        "stopped with {n_done} of {} done, in {}; the same command continues",
        plural(*.n_tasks as u64, "task"), short_path(.dir)
    )]
    SweepStopped { dir: PathBuf, n_done: usize, n_tasks: usize },
    #[error("{} failed; the column `reason` of the table says why", plural(*.0, "run"))]
    RunsFailed(u64),
    #[error("{} of the report could not be written, as said above; the others were", plural(*.0, "file"))]
    Unwritten(u64),
    #[error(
        "{} of the study's folder disappeared while it ran; the same command makes what is missing \
         again",
        plural(*.0, "part")
    )]
    Gone(u64),
    #[error(
        "{n} of {} left out; fix the problems reported above, and run the same command again",
        plural(*.n_tasks as u64, "task")
    )]
    LeftOut { n: usize, n_tasks: usize },
    #[error(
        "{n} of {} {} missing: {which}; run `eoscope sweep` into one of the folders, and merge again",
        plural(*.n_tasks as u64, "task"), if *.n == 1 { "is" } else { "are" }
    )]
    Missing { n: usize, n_tasks: usize, which: String },
}

impl CliError {
    /// Whether the user stopped the command; its results so far are kept.
    pub(super) fn is_stop(&self) -> bool {
        matches!(self, Self::Stopped(_) | Self::SweepStopped { .. } | Self::SearchStopped)
    }

    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Exists(_)
            | Self::NoPicture(_)
            | Self::SmallPicture { .. }
            | Self::NoFolder(_)
            | Self::LargePicture { .. }
            | Self::NoPanels(_)
            | Self::NoStudy { .. }
            | Self::NoRunToChoose
            | Self::Train(TrainError::Config(_) | TrainError::Data(_) | TrainError::Cost(_)) => {
                MISTAKE
            }
            Self::Store(error) if error.is_mistake() => MISTAKE,
            Self::Study(error) if error.is_mistake() => MISTAKE,
            Self::StudyFile { source, .. } if source.is_mistake() => MISTAKE,
            Self::Draw { source: PaintError::Crowded { .. }, .. } => MISTAKE,
            Self::Missing { .. } => MISSING,
            Self::Store(_)
            | Self::Train(_)
            | Self::Window(_)
            | Self::Draw { .. }
            | Self::Write { .. }
            | Self::Stdout(_)
            | Self::Signal(_)
            | Self::Stopped(_)
            | Self::Study(_)
            | Self::StudyFile { .. }
            | Self::SweepStopped { .. }
            | Self::SearchStopped
            | Self::LeftOut { .. }
            | Self::Gone(_)
            | Self::Unwritten(_)
            | Self::RunsFailed(_)
            | Self::Table(_)
            | Self::Failed(_) => FAILURE,
        }
    }
}
