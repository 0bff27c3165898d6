//! Whole text files: atomic writes, reads that detect damage, and renaming of foreign ones.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::platform::files;
use crate::store::StoreError;

/// Writes atomically with [`files::replace`]; the error includes the path.
pub(in crate::store) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    files::replace(path, bytes).map_err(StoreError::write(path))
}

/// Renames a file or folder to the first of these paths that is unused; returns it.
pub(in crate::store) fn set_aside(
    path: &Path,
    mut places: impl Iterator<Item = PathBuf>,
) -> Result<PathBuf, StoreError> {
    let aside = places.find(|place| !files::is_taken(place)).unwrap_or_default();
    files::rename(path, &aside).map_err(StoreError::write(path))?;
    Ok(aside)
}

/// What is wrong with the text of a file that must not be blank; `None` if nothing is. A system
/// crash can leave a file with its length but only zeros in it.
pub(in crate::store) fn blank(text: &str) -> Option<&'static str> {
    let is_blank = text.chars().all(|c| c == '\0' || c.is_whitespace());
    is_blank.then(|| {
        if text.contains('\0') {
            "there is nothing but zeros in this file"
        } else {
            "this file is empty"
        }
    })
}

/// The text of a file that must not be blank, or `None` if the file does not exist.
pub(in crate::store) fn read_nonblank(path: &Path) -> Result<Option<String>, StoreError> {
    let text = read_text(path)?;
    match text.as_deref().and_then(blank) {
        None => Ok(text),
        Some(problem) => {
            Err(StoreError::Unreadable { path: path.to_owned(), problem: problem.to_owned() })
        }
    }
}

/// UTF-8 byte order mark, which some editors write.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Largest size accepted for a file written by hand, in bytes; far more than anyone writes.
const MAX_WRITTEN: u64 = 4 << 20;

/// The text of a file written by hand, or `None` if it does not exist. Too large a file is refused
/// before it is read.
///
/// # Errors
/// A folder, a pipe, a device, a file that is too large or cannot be read, or text that is not
/// UTF-8.
pub fn read_user_text(path: &Path) -> Result<Option<String>, StoreError> {
    let size = files::size(path);
    if size > MAX_WRITTEN {
        let problem = format!(
            "this file has {} MB, but at most {} MB are read; give another file",
            size >> 20,
            MAX_WRITTEN >> 20
        );
        return Err(StoreError::Unreadable { path: path.to_owned(), problem });
    }
    read_text(path)
}

/// The complete lines of a file that grew line by line.
pub(in crate::store) struct Lines {
    /// The lines; empty if the file does not exist.
    pub(in crate::store) text: String,
    /// The error about an incomplete last line, which is left out.
    pub(in crate::store) torn: Option<StoreError>,
}

/// Reads the complete lines of a file; invalid UTF-8 affects only its own line.
pub(in crate::store) fn read_lines(path: &Path) -> Result<Lines, StoreError> {
    let bytes = read_bytes(path)?.unwrap_or_default();
    Ok(complete_lines(path, String::from_utf8_lossy(&bytes).into_owned()))
}

/// The complete lines of a file with this text.
pub(in crate::store) fn complete_lines(path: &Path, mut text: String) -> Lines {
    let end = text.rfind('\n').map_or(0, |at| at + 1);
    let is_torn = blank(&text[end..]).is_none();
    text.truncate(end);
    let line = text.lines().count() as u64 + 1;
    let torn = is_torn.then(|| StoreError::Torn { path: path.to_owned(), line });
    Lines { text, torn }
}

/// An error for each blank line that is followed by another line: a sign of a system crash.
pub(in crate::store) fn blank_lines(path: &Path, text: &str) -> impl Iterator<Item = StoreError> {
    let lines = text.trim_end().lines().enumerate();
    lines.filter(|(_, line)| line.trim().is_empty()).map(|(at, _)| StoreError::Malformed {
        path: path.to_owned(),
        line: at as u64 + 1,
        problem: "this line is blank".to_owned(),
    })
}

/// The text of a file, or `None` if it does not exist.
pub(in crate::store) fn read_text(path: &Path) -> Result<Option<String>, StoreError> {
    let text = |bytes: Vec<u8>| {
        String::from_utf8(bytes).map_err(|_| StoreError::Unreadable {
            path: path.to_owned(),
            problem: "this is not text in UTF-8".to_owned(),
        })
    };
    read_bytes(path)?.map(text).transpose()
}

/// Refuses a pipe or a device, which one might read for ever.
pub(in crate::store) fn refuse_device(path: &Path) -> Result<(), StoreError> {
    if files::is_pipe_or_device(path) {
        let problem = "this is a pipe or a device; give a file".to_owned();
        return Err(StoreError::Unreadable { path: path.to_owned(), problem });
    }
    Ok(())
}

/// The bytes of a file without its byte order mark, or `None` if it does not exist.
fn read_bytes(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    if files::is_dir(path) {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    refuse_device(path)?;
    match files::read(path) {
        Ok(mut bytes) => {
            if bytes.starts_with(BYTE_ORDER_MARK) {
                bytes.drain(..BYTE_ORDER_MARK.len());
            }
            Ok(Some(bytes))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::read(path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_or_too_large_a_file_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let large = folder.path().join("large.toml");
        files::File::create(&large).unwrap().set_len(MAX_WRITTEN << 10).unwrap();
        let refused = read_user_text(&large).unwrap_err().to_string();
        assert!(refused.contains("4096 MB, but at most 4 MB"), "{refused}");
        let refused = read_user_text(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("is a folder"), "{refused}");
        assert_eq!(read_user_text(&folder.path().join("none")).unwrap(), None);
    }
}
