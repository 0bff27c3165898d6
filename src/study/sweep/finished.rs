//! Run folders of a study that are not as they should be: what is wrong with each, and what is done.
//! One of them never stops the others.

use std::path::Path;

use crate::history::Run;
use crate::protocol::RunEnd;
use crate::store::{self, StudyFolder};
use crate::study::{Row, StudyError, Task};

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
    let is_even = match run.end() {
        Some(RunEnd::Finished) => n_rows == n_steps,
        // The loss that ended it has a row, but no update that follows.
        Some(RunEnd::Diverged { .. }) => (n_steps..=n_steps + 1).contains(&n_rows),
        Some(RunEnd::Stopped | RunEnd::Failed { .. }) | None => true,
    };
    let uneven = || StudyError::Uneven { path: dir.to_owned(), n_rows, n_steps };
    if is_even { Ok(()) } else { Err(uneven()) }
}
