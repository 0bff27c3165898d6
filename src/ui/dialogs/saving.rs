//! Files written, and paths chosen, on threads of their own, so that the window never waits.
//! Does not know what is in a file.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, bounded};

use crate::platform::dialogs::{self, Browsed};
use crate::platform::{files, threads};

/// What a file shall hold, and what the user should know of it.
pub(in crate::ui) struct Made {
    /// All of it.
    pub(in crate::ui) bytes: Vec<u8>,
    /// One sentence, where there is something to say.
    pub(in crate::ui) notice: Option<String>,
}

impl From<Vec<u8>> for Made {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, notice: None }
    }
}

/// What a file shall hold, made on the writing thread.
pub(in crate::ui) type Contents = Box<dyn FnOnce() -> Result<Made, String> + Send>;

/// Whether a file that is there may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Replace {
    /// The user said so.
    Yes,
    /// It stays, and the user is asked.
    No,
}

/// How writing ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Written {
    /// The file is there; with what the user should know of it.
    Done(PathBuf, Option<String>),
    /// A file of that name is there already; nothing was written.
    Exists(PathBuf),
    /// It could not be written: why, and what to do.
    Failed(String),
}

/// Writes on a thread of its own; the result comes through the channel, then `wake` is called.
pub(in crate::ui) fn write(
    path: PathBuf,
    replace: Replace,
    contents: Contents,
    wake: impl FnOnce() + Send + 'static,
) -> Receiver<Written> {
    on_thread("eoscope-export", Written::Failed, wake, move || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !files::is_dir(folder)) {
            let what = if files::exists(folder) {
                "is a file; choose another folder"
            } else {
                "does not exist; create it or choose another"
            };
            return Written::Failed(format!("the folder {} {what}", folder.display()));
        }
        if replace == Replace::No && files::exists(&path) {
            return Written::Exists(path);
        }
        match contents() {
            Err(reason) => Written::Failed(reason),
            Ok(Made { bytes, notice }) => match put(&path, replace, &bytes) {
                Ok(()) => Written::Done(path, notice),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Written::Exists(path),
                Err(error) => Written::Failed(format!(
                    "{} could not be written: {error}. Choose another folder or name.",
                    path.display()
                )),
            },
        }
    })
}

/// Lets the user choose a path in the desktop's own dialog.
pub(in crate::ui) fn browse(
    start: PathBuf,
    wake: impl FnOnce() + Send + 'static,
) -> Receiver<Browsed> {
    let no_thread = |_| Browsed::NoDialog;
    on_thread("eoscope-browse", no_thread, wake, move || dialogs::save_file("Export to", &start))
}

fn put(path: &Path, replace: Replace, bytes: &[u8]) -> io::Result<()> {
    match replace {
        Replace::Yes => files::replace(path, bytes),
        Replace::No => files::create(path, bytes),
    }
}

/// Runs `work` on a named thread; if there can be none, the result says so.
pub(in crate::ui) fn on_thread<T: Send + 'static>(
    name: &str,
    refuse: impl FnOnce(String) -> T,
    wake: impl FnOnce() + Send + 'static,
    work: impl FnOnce() -> T + Send + 'static,
) -> Receiver<T> {
    let (send, receive) = bounded(1);
    let result = send.clone();
    let spawned = threads::spawn(name, move || {
        // The window may have been closed meanwhile: then nobody wants the result.
        if result.send(work()).is_ok() {
            wake();
        }
    });
    if let Err(error) = spawned {
        let sentence = format!("no thread could be started: {error}. Close other programs.");
        // The channel is new and has space for one.
        drop(send.try_send(refuse(sentence)));
    }
    receive
}

/// A path that can be written and is not taken: in the folder eoscope was started from, else at
/// home, else in the temporary folder.
pub(in crate::ui) fn free_path(stem: &str, extension: &str) -> PathBuf {
    let folder = files::writable_dir();
    (1_u32..=10_000)
        .map(|n| {
            let number = if n == 1 { String::new() } else { format!("-{n}") };
            folder.join(format!("{stem}{number}.{extension}"))
        })
        .find(|path| !files::exists(path))
        .unwrap_or_else(|| folder.join(format!("{stem}.{extension}")))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write_now(path: &Path, replace: Replace, bytes: &'static [u8]) -> Written {
        write(path.to_owned(), replace, Box::new(|| Ok(bytes.to_vec().into())), || {})
            .recv()
            .unwrap()
    }

    #[test]
    fn a_file_that_is_there_is_kept_until_replacing_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        assert_eq!(write_now(&path, Replace::No, b"one"), Written::Done(path.clone(), None));
        assert_eq!(write_now(&path, Replace::No, b"two"), Written::Exists(path.clone()));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(write_now(&path, Replace::Yes, b"two"), Written::Done(path.clone(), None));
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_failure_says_what_to_do_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        let Written::Failed(reason) = write_now(&file.join("a.csv"), Replace::No, b"one") else {
            panic!("a file is no folder");
        };
        assert!(reason.contains("another folder"), "{reason}");
        assert_eq!(fs::read(&file).unwrap(), b"x");
        let missing = folder.path().join("missing");
        let result = write_now(&missing.join("a.csv"), Replace::No, b"one");
        let sentence =
            format!("the folder {} does not exist; create it or choose another", missing.display());
        assert_eq!(result, Written::Failed(sentence));
        assert!(!missing.exists());
    }
}
