//! Files and folders that the window remembers: those opened last, and where exports went.

mod export_places;
mod recent_files;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub(in crate::ui) use export_places::ExportPlaces;
pub(in crate::ui) use recent_files::RecentFiles;

/// The known files; all but a file to open is stored between launches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::ui) struct KnownFiles {
    /// What was opened last.
    pub(in crate::ui) recent: RecentFiles,
    /// Where exports went.
    pub(in crate::ui) exports: ExportPlaces,
    /// A file to open that the dialog has not taken yet.
    #[serde(skip)]
    to_open: Option<PathBuf>,
}

impl KnownFiles {
    /// Leaves a file for the dialog that opens files.
    pub(in crate::ui) fn ask(&mut self, path: Option<PathBuf>) {
        self.to_open = path;
    }

    /// The file that the dialog is to open.
    pub(in crate::ui) fn to_open(&self) -> Option<&Path> {
        self.to_open.as_deref()
    }
}
