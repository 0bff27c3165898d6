//! A file that a run appends to line by line; at the end, its contents are verified against a hash
//! of what was written.

use std::hash::{DefaultHasher, Hasher};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::platform::files::{self, File, OpenOptions};
use crate::store::StoreError;

/// Bytes per read while verifying.
const AT_ONCE: usize = 1 << 16;

/// A file opened for appending.
#[derive(Debug)]
pub(in crate::store) struct LineFile {
    path: PathBuf,
    file: File,
    /// Bytes and lines written successfully.
    n_bytes: u64,
    n_written: usize,
    /// Hash of all bytes written.
    sum: DefaultHasher,
}

impl LineFile {
    /// Creates the file, empty.
    pub(in crate::store) fn create(path: &Path) -> Result<Self, StoreError> {
        // In append mode a write leaves no gap when another program has truncated the file.
        let file = OpenOptions::new().append(true).create_new(true).open(path);
        let file = file.map_err(StoreError::write(path))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            n_bytes: 0,
            n_written: 0,
            sum: DefaultHasher::new(),
        })
    }

    /// Writes complete lines, passed to the operating system before this returns. If the disk is
    /// full, a half-written line is removed again, and the complete ones before it stay.
    pub(in crate::store) fn append(&mut self, lines: &[u8]) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.file.write_all(lines) {
            let n_kept = self.cut().min(lines.len());
            self.add(&lines[..n_kept]);
            return Err(StoreError::write(&self.path)(error));
        }
        self.add(lines);
        Ok(())
    }

    fn add(&mut self, written: &[u8]) {
        self.n_bytes += written.len() as u64;
        self.n_written += count(written);
        self.sum.write(written);
    }

    /// Number of lines in the file, also after a failed write.
    pub(in crate::store) fn n_written(&self) -> usize {
        self.n_written
    }

    /// Truncates the file after a failed write to its last complete line; returns the number of
    /// bytes kept of that write.
    fn cut(&self) -> usize {
        let Ok(length) = self.file.metadata().map(|data| data.len()) else { return 0 };
        let rest = length.saturating_sub(self.n_bytes);
        let mut left = vec![0; usize::try_from(rest).unwrap_or(0)];
        let mut read = || {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start(self.n_bytes))?;
            file.read_exact(&mut left)
        };
        let n_whole = match read() {
            Ok(()) => left.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1),
            Err(_) => 0,
        };
        // If truncation fails too, readers skip the incomplete line.
        drop(self.file.set_len(self.n_bytes + n_whole as u64));
        n_whole
    }

    /// The folder to which the file was moved under the same name; `None` if it was not moved.
    pub(in crate::store) fn moved_to(&self) -> Option<PathBuf> {
        let place = files::current_path(&self.file)?;
        let is_same = files::canonicalize(&self.path).is_ok_and(|path| path == place);
        let has_name = place.file_name() == self.path.file_name();
        place.parent().filter(|_| has_name && !is_same).map(Path::to_owned)
    }

    /// Continues with the path in this folder, to which the file was moved.
    pub(in crate::store) fn follow_move(&mut self, dir: &Path) {
        if let Some(name) = self.path.file_name() {
            self.path = dir.join(name);
        }
    }

    /// Verifies that the file still holds exactly what was written.
    pub(in crate::store) fn check(&self) -> Result<(), StoreError> {
        match self.is_unchanged() {
            Ok(true) => Ok(()),
            Ok(false) => {
                let n_found = files::read(&self.path).map_or(0, |bytes| count(&bytes));
                let (path, n_written) = (self.path.clone(), self.n_written);
                Err(StoreError::Lost { path, n_written, n_found })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(StoreError::Gone(self.path.clone()))
            }
            Err(error) => Err(StoreError::read(&self.path)(error)),
        }
    }

    fn is_unchanged(&self) -> std::io::Result<bool> {
        let mut file = File::open(&self.path)?;
        if file.metadata()?.len() != self.n_bytes {
            return Ok(false);
        }
        let (mut sum, mut part) = (DefaultHasher::new(), vec![0; AT_ONCE]);
        loop {
            match file.read(&mut part)? {
                0 => return Ok(sum.finish() == self.sum.finish()),
                n => sum.write(&part[..n]),
            }
        }
    }
}

/// Number of complete lines.
fn count(text: &[u8]) -> usize {
    text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")).count()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_changed_file_and_a_missing_one_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows");
        let mut file = LineFile::create(&path).unwrap();
        file.append(b"one\ntwo\n").unwrap();
        file.check().unwrap();
        fs::write(&path, "one\n").unwrap();
        let lost = file.check().unwrap_err();
        assert!(matches!(lost, StoreError::Lost { n_written: 2, n_found: 1, .. }), "{lost}");
        fs::remove_file(&path).unwrap();
        let gone = file.check().unwrap_err();
        assert!(matches!(gone, StoreError::Gone(_)), "{gone}");
    }
}
