//! The desktop's native dialogs. They block until answered, so each is opened from a thread of its
//! own.

use std::path::{Path, PathBuf};

/// Result of a dialog that asks for a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveChoice {
    /// The user chose a path.
    Chosen(PathBuf),
    /// The user cancelled.
    Cancelled,
    /// No dialog could be opened.
    NoDialog,
}

/// Asks where to save a file, starting from `start`; blocks until answered.
#[must_use]
pub fn save_file(title: &str, start: &Path) -> SaveChoice {
    system::save_file(title, start)
}

#[cfg(not(target_family = "wasm"))]
mod system {
    use std::path::Path;
    use std::time::Duration;

    use super::SaveChoice;
    use crate::platform::clock::Instant;

    /// A dialog answered faster than a person can was never shown: without a desktop portal the
    /// call returns within milliseconds, on a busy machine within one or two hundred.
    const NEVER_SHOWN: Duration = Duration::from_millis(400);

    pub(super) fn save_file(title: &str, start: &Path) -> SaveChoice {
        let asked_at = Instant::now();
        let mut dialog = rfd::FileDialog::new().set_title(title);
        if let Some(folder) = start.parent() {
            dialog = dialog.set_directory(folder);
        }
        if let Some(name) = start.file_name() {
            dialog = dialog.set_file_name(name.to_string_lossy());
        }
        match dialog.save_file() {
            Some(path) => SaveChoice::Chosen(path),
            None if asked_at.elapsed() < NEVER_SHOWN => SaveChoice::NoDialog,
            None => SaveChoice::Cancelled,
        }
    }
}

#[cfg(target_family = "wasm")]
mod system {
    use std::path::Path;

    use super::SaveChoice;

    pub(super) fn save_file(_: &str, _: &Path) -> SaveChoice {
        SaveChoice::NoDialog
    }
}
