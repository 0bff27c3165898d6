//! The source text of a study: a file, or a study that comes with the program.

use std::path::{Path, PathBuf};

use super::start;
use crate::cli::error::CliError;
use crate::config::{RunConfig, with_paths_from};
use crate::platform::files;
use crate::store::{self, StoreError};
use crate::study::{CATALOGUE, Study, StudyError};
use crate::text;

/// A study's text and path.
pub(in crate::cli) struct StudySource {
    path: PathBuf,
    pub(in crate::cli) text: String,
}

impl StudySource {
    /// Finds a study by the path of its file, or by name among those that come with the program.
    pub(in crate::cli) fn find(name: &Path) -> Result<Self, CliError> {
        let known = || CATALOGUE.iter().find(|known| name == Path::new(known.name));
        let is_file = start::is_file_path(&name.to_string_lossy());
        match known() {
            Some(known) if !is_file => {
                Ok(Self { path: name.to_owned(), text: known.toml.to_owned() })
            }
            None if !is_file && !files::is_dir(name) => {
                let name = name.to_string_lossy().into_owned();
                let hint = text::hint(&name, CATALOGUE.iter().map(|known| known.name));
                Err(CliError::NoStudy { hint, name })
            }
            Some(_) | None => Ok(Self { path: name.to_owned(), text: read(name)? }),
        }
    }

    /// Parses the study; its `base` is a preset, or a file in the same folder, where relative paths
    /// of data files begin too.
    pub(in crate::cli) fn study(&self) -> Result<Study, CliError> {
        let beside = self.path.parent().unwrap_or(Path::new(""));
        let find = |base: &str| -> Result<RunConfig, String> {
            if start::is_file_path(base) || files::is_file(&beside.join(base)) {
                return store::read_config(&beside.join(base)).map_err(|error| error.to_string());
            }
            start::find_preset(base).map_err(|error| error.to_string())
        };
        let text = with_paths_from(&self.text, beside);
        Study::from_toml(&text, &find).map_err(|error| self.error(error))
    }

    /// An error in the study, with its path.
    pub(in crate::cli) fn error(&self, source: StudyError) -> CliError {
        CliError::StudyFile { path: self.path.clone(), source: Box::new(source) }
    }
}

fn read(path: &Path) -> Result<String, StoreError> {
    store::read_user_text(path)?.ok_or_else(|| StoreError::Missing(path.to_owned()))
}
