//! Reads files from disk: regular ones of limited size, unpacked, with one hash of all of them.

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::data::DataError;
use crate::platform::files::{self, Stamp};

/// Largest size of a file in bytes, packed and unpacked: above that of EMNIST's 547 MB.
pub(super) const MAX_BYTES: u64 = 600 << 20;

/// How a gzipped file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file that was read, or looked for, with its stamp at that time.
#[derive(Clone, Debug)]
pub(super) struct Stamped {
    path: PathBuf,
    stamp: Option<Stamp>,
}

impl Stamped {
    /// Whether the file is still the same.
    pub(super) fn is_current(&self) -> bool {
        files::stamp(&self.path) == self.stamp
    }
}

/// The files of one task.
#[derive(Default)]
pub(super) struct Disk {
    hash: Sha256,
    stamps: Vec<Stamped>,
}

impl Disk {
    /// The unpacked contents of a file; `None` if it does not exist.
    pub(super) fn read(&mut self, path: &Path) -> Result<Option<Vec<u8>>, DataError> {
        let stamp = files::stamp(path);
        self.stamps.push(Stamped { path: path.to_owned(), stamp });
        if stamp.is_none() {
            return Ok(None);
        }
        let name = path.to_string_lossy();
        let refuse =
            |reason: String| DataError::Unreadable { file: name.clone().into_owned(), reason };
        if files::is_dir(path) {
            return Err(refuse("it is a folder; give a file in it".to_owned()));
        }
        if files::is_pipe_or_device(path) {
            return Err(refuse("it is a pipe or a device; save its contents first".to_owned()));
        }
        let size = files::size(path);
        if size > MAX_BYTES {
            return Err(refuse(too_large(&format!("has {} MB", size >> 20))));
        }
        let bytes = files::File::open(path)
            .and_then(up_to_limit)
            .map_err(|error| refuse(error.to_string()))?;
        self.hash.update(&bytes);
        if bytes.is_empty() {
            return Err(refuse("it is empty; give a file with examples".to_owned()));
        }
        unpacked(&name, bytes).map(Some)
    }

    /// The hash of all files, in the order in which they were read, and their stamps.
    pub(super) fn into_parts(self) -> (String, Vec<Stamped>) {
        let digits = self.hash.finalize().iter().fold(String::new(), |mut digits, byte| {
            // Writing to memory cannot fail.
            write!(digits, "{byte:02x}").unwrap_or_default();
            digits
        });
        (digits, self.stamps)
    }
}

/// The contents of a file without its compression, if it has any.
pub(super) fn unpacked(name: &str, bytes: Vec<u8>) -> Result<Vec<u8>, DataError> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let file = name.to_owned();
    let plain = up_to_limit(MultiGzDecoder::new(bytes.as_slice()))
        .map_err(|error| DataError::Damaged { file: file.clone(), reason: error.to_string() })?;
    if plain.len() as u64 > MAX_BYTES {
        return Err(DataError::Unreadable { file, reason: too_large("unpacks to more") });
    }
    Ok(plain)
}

/// Reads to the end, or to one byte more than the limit.
fn up_to_limit(reader: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_large(size: &str) -> String {
    format!("it {size}, but at most {} MB are read; use fewer examples", MAX_BYTES >> 20)
}
