//! Run folders of a study that are not as they should be: what is wrong with each, and what is done.
//! One of them never stops the others.

use std::path::Path;

use super::sweep::Sweep;
use super::{Report, Row, StudyError, Task};
use crate::config::RunConfig;
use crate::history::{Run, Status};
use crate::protocol::StopReason;
use crate::store::{self, StudyFolder};

/// The row of a task that is done: from its run folder, or of settings that do not go together;
/// `None` where no run of it has ended.
pub(super) fn found(folder: &StudyFolder, task: &Task) -> Result<Option<Row>, StudyError> {
    let config = match &task.config {
        Ok(config) => config,
        Err(reason) => return Ok(Some(Row::refused(task, reason))),
    };
    if folder.ended(&task.dir)?.is_none() {
        return Ok(None);
    }
    let dir = folder.run_dir(&task.dir);
    let run = store::load(&dir)?;
    if !run.initial_config().is_same_run(config) {
        return Err(StudyError::Foreign { dir, task: task.index });
    }
    even(&dir, &run)?;
    Ok(Row::of_run(task, &run))
}

/// Whether the table of a run that is over goes as far as its summary says.
///
/// # Errors
/// [`StudyError::Uneven`].
pub fn even(dir: &Path, run: &Run) -> Result<(), StudyError> {
    let (n_rows, n_steps) = (run.last().map_or(0, |last| last.sample.step + 1), run.n_steps());
    let is_even = match run.status() {
        Status::Stopped(StopReason::Finished) => n_rows == n_steps,
        // The loss that ended it has a row, but no update that follows.
        Status::Stopped(StopReason::Diverged { .. }) => (n_steps..=n_steps + 1).contains(&n_rows),
        Status::Stopped(StopReason::Requested | StopReason::Failed { .. })
        | Status::Starting
        | Status::Running
        | Status::Paused => true,
    };
    let uneven = || StudyError::Uneven { path: dir.to_owned(), n_rows, n_steps };
    if is_even { Ok(()) } else { Err(uneven()) }
}

impl Sweep<'_> {
    /// Moves a folder that cannot be read out of the way of its task; one with another run stays.
    pub(super) fn make_room(&self, task: &Task, error: StudyError) -> Result<(), StudyError> {
        if matches!(error, StudyError::Foreign { .. }) {
            return Err(error);
        }
        let aside = self.folder.set_aside(&task.dir)?;
        let told = format!("{error}; it is kept as {}, and its run is made again", aside.display());
        (self.watch)(Report::Remade(&told));
        Ok(())
    }

    /// Removes what an unfinished run of the task left, never a run of something else.
    pub(super) fn clear(&self, task: &Task, config: &RunConfig) -> Result<(), StudyError> {
        if self.folder.config(&task.dir).is_some_and(|known| !known.is_same_run(config)) {
            let dir = self.folder.run_dir(&task.dir);
            return Err(StudyError::Foreign { dir, task: task.index });
        }
        Ok(self.folder.clear(&task.dir)?)
    }

    /// Tells that a task is not done and why.
    pub(super) fn leave_out(&self, task: &Task, error: &StudyError, n_planned: Option<u64>) {
        let why = format!("{error}; task {} is left out, and the others go on", task.index);
        (self.watch)(Report::LeftOut { why: &why, n_planned });
    }
}
