//! The text of a study: from a file, or of one that comes with the program.
//! Does not run it.

use std::path::{Path, PathBuf};

use super::error::CliError;
use super::start;
use crate::config::RunConfig;
use crate::platform::files;
use crate::store::{self, StoreError};
use crate::study::{KNOWN, Study, StudyError};
use crate::text;

/// A study's text and where it stands.
pub(super) struct StudySource {
    path: PathBuf,
    pub(super) text: String,
}

impl StudySource {
    /// The file of this name, or the study that comes with the program.
    pub(super) fn find(name: &Path) -> Result<Self, CliError> {
        let known = || KNOWN.iter().find(|known| name == Path::new(known.name));
        let is_file = start::is_file_path(&name.to_string_lossy());
        match known() {
            Some(known) if !is_file => {
                Ok(Self { path: name.to_owned(), text: known.toml.to_owned() })
            }
            None if !is_file && !files::is_dir(name) => {
                let name = name.to_string_lossy().into_owned();
                let hint = text::hint(&name, KNOWN.iter().map(|known| known.name));
                Err(CliError::NoStudy { hint, name })
            }
            Some(_) | None => Ok(Self { path: name.to_owned(), text: read(name)? }),
        }
    }

    /// The study; its `base` is a preset, or a file beside it.
    pub(super) fn study(&self) -> Result<Study, CliError> {
        let beside = self.path.parent().unwrap_or(Path::new(""));
        let find = |base: &str| -> Result<RunConfig, String> {
            if start::is_file_path(base) || files::is_file(&beside.join(base)) {
                return store::read_config(&beside.join(base)).map_err(|error| error.to_string());
            }
            start::find_preset(base).map_err(|error| error.to_string())
        };
        Study::from_toml(&self.text, &find).map_err(|error| self.wrong(error))
    }

    /// What is wrong with it, and where.
    pub(super) fn wrong(&self, source: StudyError) -> CliError {
        CliError::StudyFile { path: self.path.clone(), source: Box::new(source) }
    }
}

fn read(path: &Path) -> Result<String, StoreError> {
    store::read_written(path)?.ok_or_else(|| StoreError::Missing(path.to_owned()))
}
