//! The desktop's own dialogs. They wait for the user, so they are opened from threads of their own.

use std::path::{Path, PathBuf};

/// How choosing a path ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveChoice {
    /// A path.
    Chosen(PathBuf),
    /// The person chose none.
    Cancelled,
    /// No dialog could be opened.
    NoDialog,
}

/// Asks where to save a file, and stays until that is answered; `start` is proposed.
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

    /// A dialog answered faster than a person can was never shown; without a desktop portal the
    /// answer takes some milliseconds, on a busy machine a hundred or two.
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
