//! Reading a configuration file.

use std::path::Path;

use crate::config::RunConfig;
use crate::store::{StoreError, files};

/// Reads a configuration file.
///
/// # Errors
/// No such file, a folder in its place, or what is wrong with its contents.
pub fn read_config(path: &Path) -> Result<RunConfig, StoreError> {
    let text = files::read_user_text(path)?.ok_or_else(|| StoreError::Missing(path.to_owned()))?;
    if let Some(problem) = files::blank(&text) {
        let problem = problem.to_owned();
        return Err(StoreError::Unreadable { path: path.to_owned(), problem });
    }
    RunConfig::from_toml(&text)
        .map_err(|source| StoreError::Config { path: path.to_owned(), source })
}
