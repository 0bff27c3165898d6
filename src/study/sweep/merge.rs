//! Merges several folders of one study into one results table.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::Shard;
use super::finished::finished_row;
use super::read_back::self_contained;
use crate::store::StudyFolder;
use crate::study::{Row, Study, StudyError, Table, Task};
use crate::text::short_path;
use crate::workers;

/// The result of a merge.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The study that the folders hold.
    pub study: Study,
    /// The rows of all tasks finished in at least one folder.
    pub table: Table,
    /// Indices of tasks that no folder has finished, or whose runs disagree.
    pub missing: Vec<usize>,
    /// One sentence for each folder or run that was ignored: what is wrong, and what was done instead.
    pub left_out: Vec<String>,
    /// The file with the merged table.
    pub path: PathBuf,
}

/// Merges the runs in several folders of one study into one table, written to the folder `out`, which
/// can be one of them. Run folders are not moved.
///
/// Folders without a study or of another study than most, unreadable runs, and tasks with two
/// different results are ignored and reported; everything else is merged.
///
/// # Errors
/// No folder with a study, or a table that cannot be written.
pub fn merge(dirs: &[PathBuf], out: &Path, n_threads: usize) -> Result<Merged, StudyError> {
    let Gathered { folders, study, mut left_out } = Gathered::from(dirs)?;
    let tasks = study.tasks()?;
    let axes: Vec<String> = study.axes.iter().map(|axis| axis.name.clone()).collect();

    let target = StudyFolder::open(out, study.to_toml(), &|known| study.matches_text(known))?;
    left_out.extend(target.repair_notice().map(str::to_owned));
    // Merges of the same folder take turns: the last one sees all runs and writes the last table.
    let _turn = target.lock_for_merge()?;
    let mut rows = Vec::new();
    workers::run_parallel(
        n_threads,
        &tasks,
        |task| merged_row(&folders, task, &axes),
        |(row, ignored)| {
            rows.extend(row);
            left_out.extend(ignored);
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

/// The folders that belong to one study.
struct Gathered {
    folders: Vec<StudyFolder>,
    study: Study,
    left_out: Vec<String>,
}

impl Gathered {
    /// Keeps the folders of the most frequent study; the first one wins a tie.
    fn from(dirs: &[PathBuf]) -> Result<Self, StudyError> {
        let mut failed = Vec::new();
        let mut read = Vec::new();
        for dir in dirs {
            let opened = StudyFolder::read(dir).map_err(StudyError::from);
            match opened.and_then(|(folder, text)| Ok((self_contained(&folder, &text)?, folder))) {
                Ok((study, folder)) => read.push((dir, study, folder)),
                Err(error) => failed.push(error),
            }
        }
        let n_of = |study: &Study| {
            read.iter().filter(|(_, other, _)| study == other || study.is_same_as(other)).count()
        };
        // The first study wins a tie.
        let Some((first, study, _)) = read.iter().rev().max_by_key(|(_, study, _)| n_of(study))
        else {
            let nothing = || StudyError::Wrong("there is nothing to merge; name a folder".into());
            return Err(failed.into_iter().next().unwrap_or_else(nothing));
        };
        let (first, study) = (short_path(first), study.clone());
        let mut left_out: Vec<String> =
            failed.into_iter().map(|error| format!("{error}; it is left out")).collect();
        let mut folders = Vec::new();
        for (dir, other, folder) in &read {
            if study.is_same_as(other) {
                folders.push(folder.clone());
            } else {
                let dir = short_path(dir);
                left_out.push(format!("{dir} holds another study than {first} and is left out"));
            }
        }
        Ok(Self { folders, study, left_out })
    }
}

/// The row of a task if all folders that have it agree, and a sentence for each run that was ignored.
fn merged_row(folders: &[StudyFolder], task: &Task, axes: &[String]) -> (Option<Row>, Vec<String>) {
    let mut ignored = Vec::new();
    let mut first: Option<(Row, PathBuf)> = None;
    for folder in folders {
        let row = match finished_row(folder, task) {
            Ok(Some(row)) => row,
            Ok(None) => continue,
            Err(error) => {
                ignored.push(format!("{error}; that run of task {} is left out", task.index));
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
            ignored.push(format!("{conflict}; until then the task is left out"));
            return (None, ignored);
        }
    }
    (first.map(|(row, _)| row), ignored)
}
