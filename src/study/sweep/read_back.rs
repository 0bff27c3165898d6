//! Reading a swept or merged folder back: the study and its table.
//! Does not look into the run folders.

use std::path::Path;

use super::Shard;
use crate::store::{StoreError, StudyFolder};
use crate::study::{Study, StudyError, Table};

/// The study in this folder and its table `results.csv`, as they were last written.
///
/// # Errors
/// A folder without them, or what is wrong with one of them.
pub fn load(dir: &Path) -> Result<(Study, Table), StudyError> {
    let (folder, text) = StudyFolder::read(dir)?;
    let study = written_out(&folder, &text)?;
    let (path, table) = folder.read_table(&Shard::WHOLE.results_file())?;
    let table =
        Table::from_csv(&table).map_err(|problem| StoreError::Unreadable { path, problem })?;
    Ok((study, table))
}

/// A study that stands for itself, as the one in this folder does.
pub(super) fn written_out(folder: &StudyFolder, text: &str) -> Result<Study, StudyError> {
    Study::written_out(text).map_err(|error| {
        let (path, problem) = (folder.study_file(), error.in_one_line());
        StoreError::Unreadable { path, problem }.into()
    })
}
