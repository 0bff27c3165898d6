//! Reads `config.toml`, or any other configuration file.

use std::path::Path;

use crate::config::{ConfigError, RunConfig};
use crate::store::{StoreError, file_kinds};

/// Parses a configuration file. A relative path of a data file begins at its folder.
///
/// # Errors
/// The file is missing, a folder, blank, or not a valid configuration.
pub fn read_config(path: &Path) -> Result<RunConfig, StoreError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    read(path, |text| RunConfig::from_toml_in(text, folder))
}

/// Parses the configuration of a run, to show the run; its data file may be gone.
pub(in crate::store) fn read_record(path: &Path) -> Result<RunConfig, StoreError> {
    read(path, RunConfig::from_record)
}

fn read(
    path: &Path,
    parse: impl FnOnce(&str) -> Result<RunConfig, ConfigError>,
) -> Result<RunConfig, StoreError> {
    let text =
        file_kinds::read_user_text(path)?.ok_or_else(|| StoreError::Missing(path.to_owned()))?;
    if let Some(problem) = file_kinds::blank(&text) {
        let problem = problem.to_owned();
        return Err(StoreError::Unreadable { path: path.to_owned(), problem });
    }
    parse(&text).map_err(|source| StoreError::Config { path: path.to_owned(), source })
}
