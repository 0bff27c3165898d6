//! The desktop's native dialogs. They block until answered, so each is opened from a thread of its
//! own.

use std::path::{Path, PathBuf};

/// Result of a dialog that asks for a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathChoice {
    /// The user chose a path.
    Chosen(PathBuf),
    /// The user cancelled.
    Cancelled,
    /// No dialog could be opened.
    NoDialog,
}

/// Asks for an existing file, starting from `start`; blocks until answered.
#[must_use]
pub fn open_file(title: &str, start: &Path) -> PathChoice {
    system::open_file(title, start)
}

/// Asks where to save a file, starting from `start`; blocks until answered.
#[must_use]
pub fn save_file(title: &str, start: &Path) -> PathChoice {
    system::save_file(title, start)
}

/// Asks for an existing folder, starting from `start`; blocks until answered.
#[must_use]
pub fn open_folder(title: &str, start: &Path) -> PathChoice {
    system::open_folder(title, start)
}

#[cfg(not(target_family = "wasm"))]
mod system {
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use super::PathChoice;
    use crate::platform::clock::Instant;

    /// A dialog answered faster than a person can was never shown: without a desktop portal the
    /// call returns within milliseconds, on a busy machine within one or two hundred.
    const NEVER_SHOWN: Duration = Duration::from_millis(400);

    pub(super) fn save_file(title: &str, start: &Path) -> PathChoice {
        asked(title, start, rfd::FileDialog::save_file)
    }

    pub(super) fn open_file(title: &str, start: &Path) -> PathChoice {
        asked(title, start, rfd::FileDialog::pick_file)
    }

    pub(super) fn open_folder(title: &str, start: &Path) -> PathChoice {
        asked(title, start, rfd::FileDialog::pick_folder)
    }

    fn asked(
        title: &str,
        start: &Path,
        ask: impl FnOnce(rfd::FileDialog) -> Option<PathBuf>,
    ) -> PathChoice {
        let asked_at = Instant::now();
        let mut dialog = rfd::FileDialog::new().set_title(title);
        if let Some(folder) = start.parent() {
            dialog = dialog.set_directory(folder);
        }
        if let Some(name) = start.file_name() {
            dialog = dialog.set_file_name(name.to_string_lossy());
        }
        match ask(dialog) {
            Some(path) => PathChoice::Chosen(path),
            None if asked_at.elapsed() < NEVER_SHOWN => PathChoice::NoDialog,
            None => PathChoice::Cancelled,
        }
    }
}

#[cfg(target_family = "wasm")]
mod system {
    use std::path::Path;

    use super::PathChoice;

    pub(super) fn save_file(_: &str, _: &Path) -> PathChoice {
        PathChoice::NoDialog
    }

    pub(super) fn open_file(_: &str, _: &Path) -> PathChoice {
        PathChoice::NoDialog
    }

    pub(super) fn open_folder(_: &str, _: &Path) -> PathChoice {
        PathChoice::NoDialog
    }
}
