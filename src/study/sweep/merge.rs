//! Merges several folders of one study into one results table.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::Shard;
use super::finished::finished_row;
use super::own_tables::{OwnTables, check_own};
use super::read_back::self_contained;
use crate::store::StudyFolder;
use crate::study::{Row, Study, StudyError, Table, Task};
use crate::text::{ranges, short_path};
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
/// Where a folder has no run of a task, the rows in its tables count. Folders without a study or of
/// another study than most, unreadable runs and rows, and tasks with two different results are ignored
/// and reported; everything else is merged.
///
/// # Errors
/// No folder with a study, a table in `out` that has rows which the merged one lacks, or a file in
/// `out` that is not of a study, or a table that cannot be written.
pub fn merge(dirs: &[PathBuf], out: &Path, n_threads: usize) -> Result<Merged, StudyError> {
    let Gathered { folders, study, mut left_out } = Gathered::from(dirs)?;
    let tasks = study.tasks()?;
    let axes: Vec<String> = study.axes.iter().map(|axis| axis.name.clone()).collect();

    let file = Shard::WHOLE.results_file();
    check_own(&study, out, std::iter::once(file.clone()))?;
    let sources: Vec<Source> =
        folders.into_iter().map(|folder| Source::read(folder, &tasks, &axes)).collect();
    left_out.extend(sources.iter().flat_map(|source| source.tables.left_out.clone()));
    let target = StudyFolder::open(out, study.to_toml(), &|known| study.matches_text(known))?;
    left_out.extend(target.repair_notice().map(str::to_owned));
    // Merges of the same folder take turns: the last one sees all runs and writes the last table.
    let _turn = target.lock_for_merge()?;
    let mut rows = Vec::new();
    workers::run_parallel(
        n_threads,
        &tasks,
        |task| merged_row(&sources, task, &axes),
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
    let before = OwnTables::read_one(&target, &file, &tasks, &table.axes);
    let known: BTreeSet<usize> = table.rows.iter().map(|row| row.task).collect();
    let lost: BTreeSet<usize> = before.rows().map(|row| row.task).collect();
    let lost: Vec<u64> = lost.difference(&known).map(|task| *task as u64).collect();
    if !lost.is_empty() {
        let (n, which) = (lost.len() as u64, ranges(lost).join(", "));
        let path = target.path(&file);
        return Err(StudyError::WouldLose { path, n, which });
    }
    let path = target.write(&file, table.to_csv().as_bytes())?;
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

/// A folder to merge, with the rows of its tables.
struct Source {
    folder: StudyFolder,
    tables: OwnTables,
}

impl Source {
    fn read(folder: StudyFolder, tasks: &[Task], axes: &[String]) -> Self {
        Self { tables: OwnTables::read(&folder, tasks, axes), folder }
    }
}

/// The row of a task if all folders that have it agree, and a sentence for each run or row that was
/// ignored. A run counts more than the rows of tables.
fn merged_row(sources: &[Source], task: &Task, axes: &[String]) -> (Option<Row>, Vec<String>) {
    let mut ignored = Vec::new();
    let mut first: Option<(Row, PathBuf)> = None;
    for Source { folder, .. } in sources {
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
    let is_of_run = first.is_some();
    let without_run = sources.iter().filter(|source| !source.folder.has_run(&task.dir));
    for (path, row) in without_run.flat_map(|source| source.tables.of_task(task.index)) {
        let Some((known, before)) = &first else {
            first = Some((row.clone(), path.to_owned()));
            continue;
        };
        let Some(what) = known.difference(row, axes) else { continue };
        let (first, second) = (before.clone(), path.to_owned());
        let conflict = StudyError::Conflict { task: task.index, first, second, what };
        if !is_of_run {
            ignored.push(format!("{conflict}; until then no row of it counts"));
            return (None, ignored);
        }
        ignored.push(format!("{conflict}; until then the run counts, not the row"));
    }
    (first.map(|(row, _)| row), ignored)
}
