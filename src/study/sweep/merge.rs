//! Merging: one table out of the run folders of several.
//! Does not run what is missing; it says what that is.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::Shard;
use super::finished::found;
use super::read_back::written_out;
use crate::store::StudyFolder;
use crate::workers;
use crate::study::{Row, Study, StudyError, Table, Task};

/// Folders that were merged.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The study they are of.
    pub study: Study,
    /// All tasks that are done in one of them.
    pub table: Table,
    /// Tasks that are done in none, or whose runs do not agree, by their numbers.
    pub missing: Vec<usize>,
    /// What could not be used, a sentence each: what is wrong with it, and what was done instead.
    pub left_out: Vec<String>,
    /// The file that holds the table.
    pub path: PathBuf,
}

/// Makes one table of the runs in several folders of one study and writes it to `out`, which may be
/// one of them; runs stay where they are.
///
/// A folder without a study, one of another study than most, a run that cannot be read and a task with
/// two outcomes are left out and told; everything else is merged.
///
/// # Errors
/// No folder with a study, or a table that cannot be written.
pub fn merge(dirs: &[PathBuf], out: &Path, n_threads: usize) -> Result<Merged, StudyError> {
    let Gathered { folders, study, mut left_out } = Gathered::from(dirs)?;
    let tasks = study.tasks()?;
    let axes: Vec<String> = study.axes.iter().map(|axis| axis.name.clone()).collect();

    let target = StudyFolder::open(out, study.to_toml(), &|known| study.is_same_text(known))?;
    left_out.extend(target.mended().map(str::to_owned));
    // Of several that merge at once, the last to look writes the last table.
    let _turn = target.merging()?;
    let mut rows = Vec::new();
    workers::side_by_side(
        n_threads,
        &tasks,
        |task| one(&folders, task, &axes),
        |(row, told)| {
            rows.extend(row);
            left_out.extend(told);
            ControlFlow::Continue(())
        },
    )?;
    let table = Table::new(axes, rows);
    let is_missing =
        |task: &Task| table.rows.binary_search_by_key(&task.index, |row| row.task).is_err();
    let missing = tasks.iter().filter(|task| is_missing(task)).map(|task| task.index).collect();
    let path = target.write(&Shard::WHOLE.results_file(), table.to_csv().as_bytes())?;
    Ok(Merged { study, table, missing, left_out, path })
}

/// Folders of one study.
struct Gathered {
    folders: Vec<StudyFolder>,
    study: Study,
    left_out: Vec<String>,
}

impl Gathered {
    /// Those of the study that most of them are of, or the first of equals.
    fn from(dirs: &[PathBuf]) -> Result<Self, StudyError> {
        let mut failed = Vec::new();
        let mut read = Vec::new();
        for dir in dirs {
            let opened = StudyFolder::read(dir).map_err(StudyError::from);
            match opened.and_then(|(folder, text)| Ok((written_out(&folder, &text)?, folder))) {
                Ok((study, folder)) => read.push((dir, study, folder)),
                Err(error) => failed.push(error),
            }
        }
        let n_of = |study: &Study| {
            read.iter().filter(|(_, other, _)| study == other || study.is_same_as(other)).count()
        };
        // The first of equals.
        let Some((first, study, _)) = read.iter().rev().max_by_key(|(_, study, _)| n_of(study))
        else {
            let nothing = || StudyError::Wrong("there is nothing to merge; name a folder".into());
            return Err(failed.into_iter().next().unwrap_or_else(nothing));
        };
        let (first, study) = (first.display(), study.clone());
        let mut left_out: Vec<String> =
            failed.into_iter().map(|error| format!("{error}; it is left out")).collect();
        let mut folders = Vec::new();
        for (dir, other, folder) in &read {
            if study.is_same_as(other) {
                folders.push(folder.clone());
            } else {
                let dir = dir.display();
                left_out.push(format!("{dir} holds another study than {first} and is left out"));
            }
        }
        Ok(Self { folders, study, left_out })
    }
}

/// The row of a task, which is the same in every folder that has it; none where two differ. What could
/// not be used comes with it.
fn one(folders: &[StudyFolder], task: &Task, axes: &[String]) -> (Option<Row>, Vec<String>) {
    let mut told = Vec::new();
    let mut first: Option<(Row, PathBuf)> = None;
    for folder in folders {
        let row = match found(folder, task) {
            Ok(Some(row)) => row,
            Ok(None) => continue,
            Err(error) => {
                told.push(format!("{error}; that run of task {} is left out", task.index));
                continue;
            }
        };
        let dir = folder.run_dir(&task.dir);
        let Some((known, before)) = &first else {
            first = Some((row, dir));
            continue;
        };
        if let Some(what) = known.difference(&row, axes) {
            let (first, second) = (before.clone(), dir);
            let conflict = StudyError::Conflict { task: task.index, first, second, what };
            told.push(format!("{conflict}; until then the task is left out"));
            return (None, told);
        }
    }
    (first.map(|(row, _)| row), told)
}
