//! Whole files: written so that a reader sees the old text or the new one, never half of it.
//! Does not know what is in them, only whether anything is.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use super::StoreError;

/// Replaces the file at once, or makes it: a file beside it is written first, then takes its name.
/// After an error what was there is as it was, and nothing new is left.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // The file that a link leads to, so that the link stays one.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|there| !there.is_file()) {
        // A device or a pipe stays what it is.
        return fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let beside = write_beside(&target, bytes)?;
    let former = fs::metadata(&target).map(|former| former.permissions());
    let kept = former.map_or(Ok(()), |permissions| fs::set_permissions(&beside, permissions));
    let done = kept.and_then(|()| fs::rename(&beside, &target));
    done.inspect_err(|_| drop(fs::remove_file(&beside)))
}

/// Makes the file at once, whole; of several that try, one does.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] where there is one, which stays as it is; nothing new is left.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = write_beside(path, bytes)?;
    let done = match fs::hard_link(&beside, path) {
        // A file system without links: then two at the very same moment are not told apart.
        Err(error) if error.kind() != ErrorKind::AlreadyExists && !path.exists() => {
            return fs::rename(&beside, path).inspect_err(|_| drop(fs::remove_file(&beside)));
        }
        Err(_) => Err(ErrorKind::AlreadyExists.into()),
        Ok(()) => Ok(()),
    };
    drop(fs::remove_file(&beside));
    done
}

/// Writes a new file beside this one, under a name that nobody else uses; gives its path.
fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    static N_WRITTEN: AtomicU64 = AtomicU64::new(0);
    let (beside, mut file) = loop {
        // Not made of the file's own name, which may be as long as names can be.
        let number = N_WRITTEN.fetch_add(1, Ordering::Relaxed);
        let beside = path.with_file_name(format!(".eoscope-{}-{number}.part", process::id()));
        match File::create_new(&beside) {
            Ok(file) => break (beside, file),
            // Of a program on another machine, or one that was killed.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    };
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    match written {
        Ok(()) => Ok(beside),
        Err(error) => {
            drop(fs::remove_file(&beside));
            Err(error)
        }
    }
}

/// As [`replace`], with the path in the error.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    replace(path, bytes).map_err(StoreError::write(path))
}

/// What is wrong with a file that must say something and does not. A system that went down keeps a
/// file's length without what was in it.
pub(super) fn blank(text: &str) -> Option<&'static str> {
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
pub(super) fn read_filled(path: &Path) -> Result<Option<String>, StoreError> {
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
pub fn read_written(path: &Path) -> Result<Option<String>, StoreError> {
    let size = fs::metadata(path).map_or(0, |found| found.len());
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

/// Whether something of this name is neither a folder nor a file with an end: a pipe or a device,
/// from which one might read for ever.
fn is_endless(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// The whole lines of a file that grew line by line; a last one that a kill cut short is left out,
/// and what is no UTF-8 spoils no more than its own line. Nothing when there is no such file.
pub(super) fn read_lines(path: &Path) -> Result<String, StoreError> {
    let bytes = read_bytes(path)?.unwrap_or_default();
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok(String::from_utf8_lossy(&bytes[..end]).into_owned())
}

/// Lines in the middle of a file that say nothing, which is what a system that went down leaves.
pub(super) fn blank_lines(path: &Path, text: &str) -> impl Iterator<Item = StoreError> {
    let lines = text.trim_end().lines().enumerate();
    lines.filter(|(_, line)| line.trim().is_empty()).map(|(at, _)| StoreError::Malformed {
        path: path.to_owned(),
        line: at as u64 + 1,
        problem: "this line is blank".to_owned(),
    })
}

/// The file's text, or `None` when there is no such file.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, StoreError> {
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
    if path.is_dir() {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    if is_endless(path) {
        let problem = "this is a pipe or a device; give a file".to_owned();
        return Err(StoreError::Unreadable { path: path.to_owned(), problem });
    }
    match fs::read(path) {
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
        fs::File::create(&large).unwrap().set_len(MAX_WRITTEN << 10).unwrap();
        let refused = read_written(&large).unwrap_err().to_string();
        assert!(refused.contains("4096 MB, but at most 4 MB"), "{refused}");
        let refused = read_written(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("is a folder"), "{refused}");
        assert_eq!(read_written(&folder.path().join("none")).unwrap(), None);
    }
}
