//! Whole files: written so that a reader sees the old text or the new one, never half of it.
//! Does not know what is in them.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::StoreError;

/// Replaces the file at once: a file beside it is written first, then takes its name.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let write = || {
        let mut file = fs::File::create(beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(beside, path)
    };
    write().map_err(StoreError::write(path))
}

/// What some programs put before a text to say that it is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The file's text, or `None` when there is no such file.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, StoreError> {
    match fs::read(path) {
        Ok(mut bytes) => {
            if bytes.starts_with(BYTE_ORDER_MARK) {
                bytes.drain(..BYTE_ORDER_MARK.len());
            }
            String::from_utf8(bytes).map(Some).map_err(|_| StoreError::Unreadable {
                path: path.to_owned(),
                problem: "this is not text in UTF-8".to_owned(),
            })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::read(path)(error)),
    }
}
