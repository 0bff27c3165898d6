//! Writes files and opens file dialogs on background threads.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, bounded};

use crate::platform::native_dialogs::{self, PathChoice};
use crate::platform::{files, threads};
use crate::text::short_path;

/// Contents of a file, with an optional notice for the user.
pub(in crate::ui) struct FileContents {
    /// The whole file.
    pub(in crate::ui) bytes: Vec<u8>,
    /// One sentence to show after saving.
    pub(in crate::ui) notice: Option<String>,
}

impl From<Vec<u8>> for FileContents {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, notice: None }
    }
}

/// Produces a file's contents on the writing thread.
pub(in crate::ui) type MakeContents = Box<dyn FnOnce() -> Result<FileContents, String> + Send>;

/// Whether an existing file may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Replace {
    /// The user confirmed it.
    Yes,
    /// Keep it, and ask the user.
    No,
}

/// The result of writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Written {
    /// The file was written; with an optional notice.
    Done(PathBuf, Option<String>),
    /// The file already exists; nothing was written.
    Exists(PathBuf),
    /// Writing failed: why, and what to do.
    Failed(String),
}

/// Writes on a background thread; sends the result, then calls `wake`.
pub(in crate::ui) fn write(
    path: PathBuf,
    replace: Replace,
    contents: MakeContents,
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
            return Written::Failed(format!("the folder {} {what}", short_path(folder)));
        }
        if replace == Replace::No && files::exists(&path) {
            return Written::Exists(path);
        }
        match contents() {
            Err(reason) => Written::Failed(reason),
            Ok(FileContents { bytes, notice }) => match put(&path, replace, &bytes) {
                Ok(()) => Written::Done(path, notice),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Written::Exists(path),
                Err(error) => Written::Failed(format!(
                    "{} could not be written: {error}. Choose another folder or name.",
                    short_path(&path)
                )),
            },
        }
    })
}

/// What the system's dialog is to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Wanted {
    /// Where to export to.
    Export,
    /// An existing file of examples.
    Examples,
    /// An existing file that a run can start from.
    RunFile,
    /// An existing run folder.
    Folder,
}

/// Shown where the system has no dialog.
pub(in crate::ui) const NO_DIALOG: &str =
    "This desktop offers no file dialog; type the path in the field instead.";

/// Opens the system's file dialog on a background thread.
pub(in crate::ui) fn browse(
    wanted: Wanted,
    start: PathBuf,
    wake: impl FnOnce() + Send + 'static,
) -> Receiver<PathChoice> {
    let no_thread = |_| PathChoice::NoDialog;
    on_thread("eoscope-browse", no_thread, wake, move || match wanted {
        Wanted::Export => native_dialogs::save_file("Export to", &start),
        Wanted::Examples => native_dialogs::open_file("Open examples", &start),
        Wanted::RunFile => native_dialogs::open_file("Open a run", &start),
        Wanted::Folder => native_dialogs::open_folder("Open a run folder", &start),
    })
}

fn put(path: &Path, replace: Replace, bytes: &[u8]) -> io::Result<()> {
    match replace {
        Replace::Yes => files::replace(path, bytes),
        Replace::No => files::create_new(path, bytes),
    }
}

/// Runs `work` on a named thread and sends its result; sends `refuse` of a message if no thread starts.
pub(in crate::ui) fn on_thread<T: Send + 'static>(
    name: &str,
    refuse: impl FnOnce(String) -> T,
    wake: impl FnOnce() + Send + 'static,
    work: impl FnOnce() -> T + Send + 'static,
) -> Receiver<T> {
    let (send, receive) = bounded(1);
    let result = send.clone();
    let spawned = threads::spawn(name, move || {
        // The receiver is gone if the window or dialog was closed meanwhile.
        if result.send(work()).is_ok() {
            wake();
        }
    });
    if let Err(error) = spawned {
        let sentence = format!("no thread could be started: {error}. Close other programs.");
        // Cannot fail: the channel is empty and has room for one.
        drop(send.try_send(refuse(sentence)));
    }
    receive
}

/// An unused path in a folder.
pub(in crate::ui) fn free_path(folder: &Path, stem: &str, extension: &str) -> PathBuf {
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
    fn an_existing_file_is_kept_until_replacing_is_confirmed() {
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
