//! Reads the row of a finished task from its run folder, after checking that the folder is sound.

use std::path::Path;

use crate::history::Run;
use crate::protocol::RunEnd;
use crate::store::{self, StudyFolder};
use crate::study::{Row, StudyError, Task};

/// The row of a finished task, read from its run folder, or of a task whose settings conflict; `None`
/// where its run has not ended.
pub(super) fn finished_row(folder: &StudyFolder, task: &Task) -> Result<Option<Row>, StudyError> {
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
    check_step_count(&dir, &run)?;
    Ok(Row::of_run(task, &run))
}

/// Checks that `metrics.csv` of an ended run has as many steps as its summary says.
///
/// # Errors
/// [`StudyError::StepMismatch`].
pub fn check_step_count(dir: &Path, run: &Run) -> Result<(), StudyError> {
    let (n_rows, n_steps) = (run.last().map_or(0, |last| last.sample.step + 1), run.n_steps());
    let is_equal = match run.end() {
        Some(RunEnd::Finished) => n_rows == n_steps,
        // The diverged loss can have a row of its own, without an update after it.
        Some(RunEnd::Diverged { .. }) => (n_steps..=n_steps + 1).contains(&n_rows),
        Some(RunEnd::Stopped | RunEnd::Failed { .. }) | None => true,
    };
    let mismatch = || StudyError::StepMismatch { path: dir.to_owned(), n_rows, n_steps };
    if is_equal { Ok(()) } else { Err(mismatch()) }
}
