//! Reads the study and its results table from a folder.

use std::path::Path;

use super::Shard;
use crate::store::{StoreError, StudyFolder};
use crate::study::{Study, StudyError, Table};

/// The study in a folder and its table `results.csv`, as last written.
///
/// # Errors
/// A missing or malformed file.
pub fn load(dir: &Path) -> Result<(Study, Table), StudyError> {
    let (folder, text) = StudyFolder::read(dir)?;
    let study = self_contained(&folder, &text)?;
    let (path, table) = folder.read_table(&Shard::WHOLE.results_file())?;
    let table =
        Table::from_csv(&table).map_err(|problem| StoreError::Unreadable { path, problem })?;
    Ok((study, table))
}

/// Parses the self-contained study of a folder.
pub(super) fn self_contained(folder: &StudyFolder, text: &str) -> Result<Study, StudyError> {
    Study::self_contained(text).map_err(|error| {
        let (path, problem) = (folder.study_file(), error.first_line());
        StoreError::Unreadable { path, problem }.into()
    })
}
