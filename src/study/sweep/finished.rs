//! Reads the row of a finished task from its run folder, after checking that the folder is sound.

use std::path::Path;

use crate::history::Run;
use crate::protocol::RunEnd;
use crate::store::{self, StudyFolder};
use crate::study::{Row, StudyError, Task};

/// How many gaps in `metrics.csv` are listed.
const MAX_RANGES: usize = 12;

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

/// Checks that `metrics.csv` has a row for each of its steps, and as many as its summary says.
///
/// # Errors
/// [`StudyError::MissingRows`] or [`StudyError::StepMismatch`].
pub fn check_step_count(dir: &Path, run: &Run) -> Result<(), StudyError> {
    // It has a value at every recorded step.
    let recorded = run.training_secs();
    let n_rows = recorded.last().map_or(0, |(last, _)| last + 1);
    // A diverged loss, or a step that was stopped, can have a row without an update after it.
    let n_steps = run.n_steps();
    let (is_equal, n_expected) = match run.end() {
        Some(RunEnd::Finished) => (n_rows == n_steps, n_steps),
        Some(RunEnd::Diverged { .. } | RunEnd::Stopped) => {
            ((n_steps..=n_steps + 1).contains(&n_rows), n_steps)
        }
        Some(RunEnd::Failed { .. }) | None => (true, n_rows),
    };
    let path = || dir.to_owned();
    let gaps = gaps(recorded.iter().map(|(step, _)| step));
    if !gaps.is_empty() {
        let end = (n_expected > n_rows).then(|| [n_rows, n_expected - 1]);
        let which = step_words(gaps.into_iter().chain(end));
        return Err(StudyError::MissingRows { path: path(), which });
    }
    if is_equal { Ok(()) } else { Err(StudyError::StepMismatch { path: path(), n_rows, n_steps }) }
}

/// First and last step of each gap between these increasing steps, and before the first.
fn gaps(steps: impl Iterator<Item = u64>) -> Vec<[u64; 2]> {
    let mut next = 0;
    let gap = |step: u64| {
        let before = std::mem::replace(&mut next, step.saturating_add(1));
        (before < step).then(|| [before, step - 1])
    };
    steps.filter_map(gap).collect()
}

/// "step 3" or "steps 3 to 9, 12", cut if long.
fn step_words(ranges: impl Iterator<Item = [u64; 2]>) -> String {
    let words = |[first, last]: [u64; 2]| {
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    };
    let mut listed: Vec<String> = ranges.take(MAX_RANGES + 1).map(words).collect();
    let is_one = listed.len() == 1 && !listed[0].contains(' ');
    if listed.len() > MAX_RANGES {
        "…".clone_into(&mut listed[MAX_RANGES]);
    }
    format!("{} {}", if is_one { "step" } else { "steps" }, listed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_step_is_named_however_many_there_are() {
        let told = |steps: &[u64]| {
            let gaps = gaps(steps.iter().copied());
            if gaps.is_empty() { String::new() } else { step_words(gaps.into_iter()) }
        };
        assert_eq!(told(&[]), "");
        assert_eq!(told(&[0, 1, 2]), "");
        assert_eq!(told(&[0, 2]), "step 1");
        assert_eq!(told(&[2, 3, 5, 9]), "steps 0 to 1, 4, 6 to 8");
        assert_eq!(told(&[0, u64::MAX]), format!("steps 1 to {}", u64::MAX - 1));
        let odd: Vec<u64> = (0..1000).map(|n| 2 * n + 1).collect();
        assert!(told(&odd).ends_with(", 20, 22, …"), "{}", told(&odd));
    }
}
