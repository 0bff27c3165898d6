//! Whole files, with what can be wrong with them in words.
//! Does not know what is in them, only whether anything is.

use std::io::ErrorKind;
use std::path::Path;

use crate::platform::files;
use crate::store::StoreError;

/// As [`files::replace`], with the path in the error.
pub(in crate::store) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    files::replace(path, bytes).map_err(StoreError::write(path))
}

/// What is wrong with a file that must say something and does not. A system that went down keeps a
/// file's length without what was in it.
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

/// The text of a file that must say something, or `None` when there is no such file.
pub(in crate::store) fn read_nonblank(path: &Path) -> Result<Option<String>, StoreError> {
    let text = read_text(path)?;
    match text.as_deref().and_then(blank) {
        None => Ok(text),
        Some(problem) => {
            Err(StoreError::Unreadable { path: path.to_owned(), problem: problem.to_owned() })
        }
    }
}

/// What some programs put before a text to say that it is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes of a file that a person writes at most: many times what anybody does.
const MAX_WRITTEN: u64 = 4 << 20;

/// The text of a file that a person writes, or `None` when there is no such file; refused by its size
/// before it is read.
///
/// # Errors
/// What is no file with an end, is too large, cannot be read, or is not text.
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

/// The whole lines of a file that grew line by line; a last one that a kill cut short is left out,
/// and what is no UTF-8 spoils no more than its own line. Nothing when there is no such file.
pub(in crate::store) fn read_lines(path: &Path) -> Result<String, StoreError> {
    let bytes = read_bytes(path)?.unwrap_or_default();
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok(String::from_utf8_lossy(&bytes[..end]).into_owned())
}

/// Lines in the middle of a file that say nothing, which is what a system that went down leaves.
pub(in crate::store) fn blank_lines(path: &Path, text: &str) -> impl Iterator<Item = StoreError> {
    let lines = text.trim_end().lines().enumerate();
    lines.filter(|(_, line)| line.trim().is_empty()).map(|(at, _)| StoreError::Malformed {
        path: path.to_owned(),
        line: at as u64 + 1,
        problem: "this line is blank".to_owned(),
    })
}

/// The file's text, or `None` when there is no such file.
pub(in crate::store) fn read_text(path: &Path) -> Result<Option<String>, StoreError> {
    let text = |bytes: Vec<u8>| {
        String::from_utf8(bytes).map_err(|_| StoreError::Unreadable {
            path: path.to_owned(),
            problem: "this is not text in UTF-8".to_owned(),
        })
    };
    read_bytes(path)?.map(text).transpose()
}

/// What is in the file but for a mark of its encoding, or `None` when there is no such file.
fn read_bytes(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    if files::is_dir(path) {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    if files::is_pipe_or_device(path) {
        let problem = "this is a pipe or a device; give a file".to_owned();
        return Err(StoreError::Unreadable { path: path.to_owned(), problem });
    }
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
    fn what_is_no_file_or_too_large_is_refused_before_it_is_read() {
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
