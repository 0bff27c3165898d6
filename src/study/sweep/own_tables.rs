//! The results tables in the folder of a study, of all tasks and of shards: the rows that belong to
//! this study, and what is wrong with the others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Shard;
use crate::store::{StoreError, StudyFolder};
use crate::study::{Row, Study, StudyError, Table, Task};
use crate::text::{plural, short_path};

/// How many unusable lines of a table have a sentence each.
const MAX_SENTENCES: usize = 3;

/// The rows of all tables in one folder.
#[derive(Debug, Default)]
pub(super) struct OwnTables {
    /// The rows by task, each with the file that it is from.
    rows: BTreeMap<usize, Vec<(PathBuf, Row)>>,
    /// One sentence for each file or line that was ignored.
    pub(super) left_out: Vec<String>,
}

impl OwnTables {
    /// Reads all tables in a folder of the study with these tasks.
    pub(super) fn read(folder: &StudyFolder, tasks: &[Task], axes: &[String]) -> Self {
        let mut tables = Self::default();
        for name in folder.file_names().iter().filter(|name| Shard::of_file(name).is_some()) {
            tables.add(folder, name, tasks, axes);
        }
        tables
    }

    /// Reads the table in one file, if it exists.
    pub(super) fn read_one(
        folder: &StudyFolder,
        name: &str,
        tasks: &[Task],
        axes: &[String],
    ) -> Self {
        let mut tables = Self::default();
        if folder.file_names().iter().any(|known| known == name) {
            tables.add(folder, name, tasks, axes);
        }
        tables
    }

    /// The rows of a task, each with its file.
    pub(super) fn of_task(&self, task: usize) -> impl Iterator<Item = (&Path, &Row)> {
        let rows = self.rows.get(&task).into_iter().flatten();
        rows.map(|(path, row)| (path.as_path(), row))
    }

    /// All rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values().flatten().map(|(_, row)| row)
    }

    fn add(&mut self, folder: &StudyFolder, name: &str, tasks: &[Task], axes: &[String]) {
        let read = folder.read_table(name).and_then(|(path, text)| match readable(&text) {
            Ok((table, problems)) => Ok((path, table, problems)),
            Err(problem) => Err(StoreError::Unreadable { path, problem }),
        });
        let (path, table, mut problems) = match read {
            Ok(read) => read,
            Err(error) => {
                self.left_out.push(format!("{error}; the rows of this table are left out"));
                return;
            }
        };
        if table.axes != axes {
            let path = short_path(&path);
            self.left_out.push(format!("{path} is the table of another study and is left out"));
            return;
        }
        let is_own = |row: &Row| tasks.get(row.task).is_some_and(|task| task.point == row.point);
        for row in table.rows {
            if is_own(&row) {
                self.rows.entry(row.task).or_default().push((path.clone(), row));
            } else {
                problems.push(format!("the study has no task {} at this point", row.task));
            }
        }
        let file = short_path(&path);
        let shown = problems.iter().take(MAX_SENTENCES);
        self.left_out
            .extend(shown.map(|problem| format!("{file}: {problem}; this row is left out")));
        if problems.len() > MAX_SENTENCES {
            let n_more = plural((problems.len() - MAX_SENTENCES) as u64, "more row");
            self.left_out.push(format!("{file}: {n_more} left out likewise"));
        }
    }
}

/// The complete lines of a table, and what is wrong with the others.
fn readable(text: &str) -> Result<(Table, Vec<String>), String> {
    let (whole, torn) = text.split_at(text.rfind('\n').map_or(0, |at| at + 1));
    let (table, mut problems) = Table::readable(whole)?;
    if !torn.trim().is_empty() {
        problems.push(format!("line {}: it is incomplete", whole.lines().count() + 1));
    }
    Ok((table, problems))
}

/// Refuses a folder without a study in which one of these files would be overwritten. A table of this
/// study shows that the folder is its own, even without `study.toml`.
///
/// # Errors
/// [`StoreError::NotOurs`].
pub fn check_own(
    study: &Study,
    dir: &Path,
    mut files: impl Iterator<Item = String>,
) -> Result<(), StudyError> {
    let folder = StudyFolder::unopened(dir);
    let Some(file) = files.find_map(|name| folder.foreign_file(&name)) else { return Ok(()) };
    let axes: Vec<String> = study.axes.iter().map(|axis| axis.name.clone()).collect();
    let tables = OwnTables::read(&folder, &study.tasks()?, &axes);
    if tables.rows().next().is_some() {
        return Ok(());
    }
    Err(StoreError::NotOurs(file).into())
}
