//! Reads `config.toml`, or any other configuration file.

use std::path::Path;

use crate::config::RunConfig;
use crate::store::{StoreError, file_kinds};

/// Parses a configuration file.
///
/// # Errors
/// The file is missing, a folder, blank, or not a valid configuration.
pub fn read_config(path: &Path) -> Result<RunConfig, StoreError> {
    let text =
        file_kinds::read_user_text(path)?.ok_or_else(|| StoreError::Missing(path.to_owned()))?;
    if let Some(problem) = file_kinds::blank(&text) {
        let problem = problem.to_owned();
        return Err(StoreError::Unreadable { path: path.to_owned(), problem });
    }
    RunConfig::from_toml(&text)
        .map_err(|source| StoreError::Config { path: path.to_owned(), source })
}
