//! Files of the user as tasks: one file for each format, and the table of formats. The only place of
//! `data` that opens files.

mod contents;
mod csv_loader;
mod disk;
mod idx_loader;
mod known_files;
mod loader;
#[cfg(test)]
mod tests;

use std::path::Path;

use self::contents::Contents;
use self::disk::{Disk, Stamped};
use self::known_files::{Facts, Known};
use self::loader::Loader;
use super::idx::File;
use super::{DataError, DataFile, Request, Split, TaskInfo};
use crate::platform::files;

/// Every format; a file is of the first that recognises its contents.
const LOADERS: &[&dyn Loader] = &[&idx_loader::Idx, &csv_loader::Csv];

/// Digits of a hash that errors quote.
const SHOWN_DIGITS: usize = 12;

/// A format that files of the user may have.
#[derive(Clone, Copy, Debug)]
pub struct FileFormat {
    /// Its name.
    pub name: &'static str,
    /// How such a file is read, in sentences.
    pub about: &'static str,
}

/// The formats that files of the user may have.
pub fn file_formats() -> impl Iterator<Item = FileFormat> {
    LOADERS.iter().map(|loader| FileFormat { name: loader.name(), about: loader.about() })
}

/// The file with its absolute path and the hash of its contents.
///
/// # Errors
/// No file is named, it cannot be read, its contents are not examples, or not those of its hash.
pub fn resolved_file(file: &DataFile) -> Result<DataFile, DataError> {
    if file.path.is_empty() {
        return Err(DataError::NoFile);
    }
    let path = files::absolute(file.path.as_ref()).to_string_lossy().into_owned();
    let sha256 = facts(&DataFile { path: path.clone(), sha256: file.sha256.clone() })?.sha256;
    Ok(DataFile { path, sha256 })
}

/// The metadata of the task that this file is with `n_train` training examples.
pub(super) fn info(file: &DataFile, n_train: usize) -> Result<TaskInfo, DataError> {
    let name = Path::new(&file.path).file_name().unwrap_or_default().to_string_lossy();
    Ok(facts(file)?.summary.info(&name, n_train))
}

/// The requested examples of this file.
pub(super) fn examples(request: &Request) -> Result<Split, DataError> {
    let file = &request.parameters.file;
    let path = files::absolute(file.path.as_ref());
    let known = known_files::contents_on_disk(&path);
    let (facts, contents) = known.map_or_else(|| read(&path), Ok)?;
    check_hash(file, &facts)?;
    contents.split(request)
}

/// What is known of the file with this hash, or of what is there now if it has none. Opens a file
/// only once, until it changes.
fn facts(file: &DataFile) -> Result<Facts, DataError> {
    if file.path.is_empty() {
        return Err(DataError::NoFile);
    }
    let path = files::absolute(file.path.as_ref());
    if let Some(facts) = known_files::facts_of_hash(&path, &file.sha256) {
        return Ok(facts);
    }
    let known = known_files::facts_on_disk(&path);
    let facts = known.unwrap_or_else(|| read(&path).map(|(facts, _)| facts))?;
    check_hash(file, &facts)?;
    Ok(facts)
}

fn check_hash(file: &DataFile, facts: &Facts) -> Result<(), DataError> {
    if file.sha256.is_empty() || file.sha256 == facts.sha256 {
        return Ok(());
    }
    let [found, recorded] = [&facts.sha256, &file.sha256]
        .map(|hash| hash.chars().take(SHOWN_DIGITS).collect::<String>());
    Err(DataError::Changed { file: file.path.clone(), found, recorded })
}

/// Reads a file with those that belong to it, and remembers it.
fn read(path: &Path) -> Result<(Facts, known_files::Shared), DataError> {
    let mut disk = Disk::default();
    let result = load(path, &mut disk);
    let (sha256, stamps): (String, Vec<Stamped>) = disk.into_parts();
    let path = path.to_owned();
    match result {
        Ok(contents) => {
            let facts = Facts { sha256, summary: contents.summary.clone() };
            let contents = known_files::Shared::new(contents);
            let known = Known { path, stamps, facts: Ok(facts.clone()) };
            known_files::remember(known, Some(&contents));
            Ok((facts, contents))
        }
        Err(error) => {
            // What made a file unreadable, such as its permissions, is not in its stamp.
            if !matches!(error, DataError::Unreadable { .. }) {
                known_files::remember(Known { path, stamps, facts: Err(error.clone()) }, None);
            }
            Err(error)
        }
    }
}

fn load(path: &Path, disk: &mut Disk) -> Result<Contents, DataError> {
    let name = path.to_string_lossy();
    let missing = || DataError::Unreadable {
        file: name.clone().into_owned(),
        reason: "it does not exist; check the path".to_owned(),
    };
    let bytes = disk.read(path)?.ok_or_else(missing)?;
    let file = File { name: &name, bytes: &bytes };
    let beside = &mut |other: &str| disk.read(&path.with_file_name(other));
    parse(file, beside)
}

/// Parses a file whose contents have been unpacked, in the format that they have.
fn parse(file: File<'_>, beside: loader::Beside<'_>) -> Result<Contents, DataError> {
    let of_format = LOADERS.iter().find(|loader| loader.recognises(file.bytes));
    let loader = of_format.ok_or_else(|| {
        let names: Vec<&str> = LOADERS.iter().map(|loader| loader.name()).collect();
        DataError::Format { file: file.name.to_owned(), formats: names.join(", ") }
    })?;
    loader.load(file, beside)
}
