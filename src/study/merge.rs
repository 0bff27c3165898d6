//! Merging: one table out of the run folders of several.
//! Does not run what is missing; it says what that is.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::load::written_out;
use super::sweep::found;
use super::{Row, Shard, Study, StudyError, Table, Task};
use crate::store::StudyFolder;
use crate::workers;

/// Folders that were merged.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The study they are of.
    pub study: Study,
    /// All tasks that are done in one of them.
    pub table: Table,
    /// Tasks that are done in none, by their numbers.
    pub missing: Vec<usize>,
    /// The file that holds the table.
    pub path: PathBuf,
}

/// Makes one table of the runs in several folders of one study and writes it to `out`, which may be
/// one of them; runs stay where they are.
///
/// # Errors
/// Folders of different studies, one task with two outcomes, or a file that cannot be read.
pub fn merge(dirs: &[PathBuf], out: &Path, n_threads: usize) -> Result<Merged, StudyError> {
    let mut folders = Vec::new();
    let mut known: Option<(&PathBuf, String)> = None;
    for dir in dirs {
        let (folder, text) = StudyFolder::read(dir)?;
        match &known {
            Some((first, other)) if *other != text => {
                return Err(StudyError::Different((*first).clone(), dir.clone()));
            }
            Some(_) => {}
            None => known = Some((dir, text)),
        }
        folders.push(folder);
    }
    let Some((_, text)) = known else {
        return Err(StudyError::Wrong("there is nothing to merge; name a folder".to_owned()));
    };
    let study = written_out(&text)?;
    let tasks = study.tasks()?;
    let axes: Vec<String> = study.axes.iter().map(|axis| axis.name.clone()).collect();

    let target = StudyFolder::open(out, &text)?;
    // Of several that merge at once, the last to look writes the last table.
    let _turn = target.merging()?;
    let mut rows = Vec::new();
    let mut outcome = Ok(());
    workers::side_by_side(
        n_threads,
        &tasks,
        |task| one(&folders, task, &axes),
        |row| {
            match row {
                Ok(row) => rows.extend(row),
                Err(error) => outcome = Err(error),
            }
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        },
    )?;
    outcome?;
    let table = Table::new(axes, rows);
    let is_missing =
        |task: &Task| table.rows.binary_search_by_key(&task.index, |row| row.task).is_err();
    let missing = tasks.iter().filter(|task| is_missing(task)).map(|task| task.index).collect();
    let path = target.write(&Shard::WHOLE.results_file(), table.to_csv().as_bytes())?;
    Ok(Merged { study, table, missing, path })
}

/// The row of a task, which is the same in every folder that has it.
fn one(folders: &[StudyFolder], task: &Task, axes: &[String]) -> Result<Option<Row>, StudyError> {
    let mut first: Option<(Row, PathBuf)> = None;
    for folder in folders {
        let Some(row) = found(folder, task)? else { continue };
        let dir = folder.run_dir(&task.dir);
        match &first {
            None => first = Some((row, dir)),
            Some((known, first)) => {
                if let Some(what) = known.difference(&row, axes) {
                    let (first, second) = (first.clone(), dir);
                    return Err(StudyError::Conflict { task: task.index, first, second, what });
                }
            }
        }
    }
    Ok(first.map(|(row, _)| row))
}
