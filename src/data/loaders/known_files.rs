//! What is remembered of files that were read, so that a configuration can be checked at every frame
//! of the window without opening them: the facts of the last few, and the examples of the last one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::contents::{Contents, Summary};
use super::disk::Stamped;
use crate::data::DataError;

/// Files whose facts are remembered.
const MAX_KNOWN: usize = 64;

/// The examples of a file, shared by all runs on it.
pub(super) type Shared = Arc<Contents>;

/// What is known of a file, without its examples.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// The hash of its contents.
    pub(super) sha256: String,
    /// What they are.
    pub(super) summary: Summary,
}

/// A file that was read.
pub(super) struct Known {
    pub(super) path: PathBuf,
    /// The file and those that belong to it.
    pub(super) stamps: Vec<Stamped>,
    /// Or why it holds no examples.
    pub(super) facts: Result<Facts, DataError>,
}

impl Known {
    fn is_current(&self, path: &Path) -> bool {
        self.path == path && self.stamps.iter().all(Stamped::is_current)
    }
}

struct Memory {
    /// Oldest first.
    known: Vec<Known>,
    /// The examples of the file that was read last.
    last: Option<(Facts, Shared)>,
}

static MEMORY: Mutex<Memory> = Mutex::new(Memory { known: Vec::new(), last: None });

fn memory() -> MutexGuard<'static, Memory> {
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The facts of the file at this path when it had this hash, if it was ever read then. Touches no
/// file.
pub(super) fn facts_of_hash(path: &Path, sha256: &str) -> Option<Facts> {
    let memory = memory();
    let mut of_path = memory.known.iter().filter(|known| known.path == path);
    of_path.find_map(|known| known.facts.clone().ok().filter(|facts| facts.sha256 == sha256))
}

/// The facts of the file as it is on disk, or why it has none; `None` if it must be read.
pub(super) fn facts_on_disk(path: &Path) -> Option<Result<Facts, DataError>> {
    let memory = memory();
    let known = memory.known.iter().rev().find(|known| known.is_current(path));
    known.map(|known| known.facts.clone())
}

/// The facts and the examples of the file as it is on disk; `None` if it must be read.
pub(super) fn contents_on_disk(path: &Path) -> Option<(Facts, Shared)> {
    let facts = facts_on_disk(path)?.ok()?;
    memory().last.clone().filter(|(of_last, _)| of_last.sha256 == facts.sha256)
}

/// Remembers a file, and its examples in place of those of the file before.
pub(super) fn remember(known: Known, contents: Option<&Shared>) {
    let mut memory = memory();
    if let (Ok(facts), Some(contents)) = (&known.facts, contents) {
        memory.last = Some((facts.clone(), Arc::clone(contents)));
    }
    let hash = |known: &Known| known.facts.as_ref().ok().map(|facts| facts.sha256.clone());
    let of_new = hash(&known);
    memory.known.retain(|old| old.path != known.path || hash(old) != of_new);
    if memory.known.len() >= MAX_KNOWN {
        memory.known.remove(0);
    }
    memory.known.push(known);
}
