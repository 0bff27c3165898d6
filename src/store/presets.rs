//! The user's presets: one configuration file each, in the system's folder for settings.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::file_kinds::write_atomically;
use super::{StoreError, read_config};
use crate::config::{RunConfig, check_preset_name};
use crate::platform::files;

/// File extension of a preset.
const ENDING: &str = "toml";

/// The folder of the user's presets; it need not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresetFolder {
    dir: PathBuf,
}

/// The presets that can be read, and why the others cannot.
#[derive(Debug, Default)]
pub struct OwnPresets {
    /// Readable presets, sorted by name.
    pub configs: Vec<RunConfig>,
    /// A sentence for each skipped file.
    pub skipped: Vec<String>,
}

impl PresetFolder {
    /// The current user's folder; `None` if the system has none.
    #[must_use]
    pub fn for_user() -> Option<Self> {
        Some(Self::at(files::settings_dir()?.join("presets")))
    }

    /// Any other folder.
    #[must_use]
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// The file of the preset with this name.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name).with_extension(ENDING)
    }

    /// All presets in the folder; empty if there is no folder.
    #[must_use]
    pub fn list(&self) -> OwnPresets {
        let mut own = OwnPresets::default();
        let entries = match files::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    let error = StoreError::read(&self.dir)(error);
                    own.skipped.push(format!("your presets could not be listed: {error}"));
                }
                return own;
            }
        };
        let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
        let mut paths: Vec<PathBuf> =
            paths.filter(|path| path.extension().is_some_and(|end| end == ENDING)).collect();
        paths.sort();
        for path in paths {
            match read(&path) {
                Ok(config) => own.configs.push(config),
                Err(error) => own.skipped.push(skipped(&path, &error)),
            }
        }
        own
    }

    /// The names of all presets, readable or not; empty if there is no folder.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let entries = files::read_dir(&self.dir).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        let presets = paths.filter(|path| path.extension().is_some_and(|end| end == ENDING));
        let stem = |path: PathBuf| Some(path.file_stem()?.to_string_lossy().into_owned());
        let mut names: Vec<String> = presets.filter_map(stem).collect();
        names.sort();
        names
    }

    /// The preset with this name; `None` if there is no such file.
    ///
    /// # Errors
    /// The file is not a valid configuration.
    pub fn find(&self, name: &str) -> Result<Option<RunConfig>, StoreError> {
        let path = self.path(name);
        if check_preset_name(name).is_err() || !files::is_file(&path) {
            return Ok(None);
        }
        read(&path).map(Some)
    }

    /// Writes a preset under the configuration's name, replacing any of that name.
    ///
    /// # Errors
    /// An invalid name, or a failed write.
    pub fn save(&self, config: &RunConfig) -> Result<PathBuf, StoreError> {
        let path = self.path(&config.name);
        let refused = |source| StoreError::Config { path: path.clone(), source };
        check_preset_name(&config.name).map_err(refused)?;
        files::create_dir_all(&self.dir).map_err(StoreError::write(&self.dir))?;
        write_atomically(&path, config.to_toml().as_bytes())?;
        Ok(path)
    }
}

/// Reads a preset; its name is that of the file, whatever the contents say.
fn read(path: &Path) -> Result<RunConfig, StoreError> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let refused = |source| StoreError::Config { path: path.to_owned(), source };
    check_preset_name(&name).map_err(refused)?;
    Ok(RunConfig { name, ..read_config(path)? })
}

/// Names the file first, as lists cut long lines at their ends.
fn skipped(path: &Path, error: &StoreError) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{name} was skipped, one of your presets: {error}")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn named(name: &str) -> RunConfig {
        RunConfig { name: name.to_owned(), seed: 7, ..RunConfig::default() }
    }

    #[test]
    fn saved_presets_are_listed_and_found() {
        let home = tempfile::tempdir().unwrap();
        let folder = PresetFolder::at(home.path().join("not/yet"));
        assert!(folder.list().configs.is_empty() && folder.list().skipped.is_empty());
        for name in ["my-edge", "another"] {
            folder.save(&named(name)).unwrap();
        }
        assert_eq!(folder.list().configs, [named("another"), named("my-edge")]);
        assert_eq!(folder.find("my-edge").unwrap(), Some(named("my-edge")));
        assert_eq!(folder.find("nothing").unwrap(), None);
        assert_eq!(folder.find("../my-edge").unwrap(), None);
        let later = RunConfig { seed: 8, ..named("my-edge") };
        folder.save(&later).unwrap();
        assert_eq!(folder.find("my-edge").unwrap(), Some(later));
    }

    #[test]
    fn damaged_files_are_named_and_skipped() {
        let home = tempfile::tempdir().unwrap();
        let folder = PresetFolder::at(home.path());
        folder.save(&named("good")).unwrap();
        fs::write(folder.path("damaged"), "seed = banana").unwrap();
        fs::write(folder.path("blowup"), "").unwrap();
        fs::write(folder.path("binary"), [0xff, 0xfe]).unwrap();
        fs::write(home.path().join("notes.txt"), "not a preset").unwrap();
        let own = folder.list();
        assert_eq!(own.configs, [named("good")]);
        assert_eq!(own.skipped.len(), 3);
        for name in ["damaged.toml", "blowup.toml", "binary.toml"] {
            assert!(own.skipped.iter().any(|sentence| sentence.contains(name)), "{own:?}");
        }
        assert!(folder.find("damaged").is_err());
    }

    #[test]
    fn an_invalid_name_is_refused_and_nothing_is_written() {
        let home = tempfile::tempdir().unwrap();
        let folder = PresetFolder::at(home.path().join("presets"));
        assert!(folder.save(&named("../x")).unwrap_err().to_string().contains("small letters"));
        assert!(!home.path().join("presets").exists());
        let blocked = PresetFolder::at(home.path().join("file/presets"));
        fs::write(home.path().join("file"), "").unwrap();
        assert!(blocked.save(&named("x")).unwrap_err().to_string().contains("cannot write"));
    }
}
