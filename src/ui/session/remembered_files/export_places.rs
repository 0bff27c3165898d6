//! Where the exports of each kind went last, to suggest the same folder and name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Folder and name of the last export of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::ui) struct ExportPlace {
    folder: String,
    /// Name without its ending; `None` if the user took the suggested one, which follows the run.
    name: Option<String>,
}

/// The last place of each kind, by the ending of its files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::ui) struct ExportPlaces {
    by_ending: BTreeMap<String, ExportPlace>,
}

impl ExportPlace {
    /// The folder.
    pub(in crate::ui) fn folder(&self) -> PathBuf {
        PathBuf::from(&self.folder)
    }

    /// The name that the user gave, without its ending.
    pub(in crate::ui) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl ExportPlaces {
    /// Remembers where a file went; `suggested` is the path that the dialog had suggested.
    pub(in crate::ui) fn remember(&mut self, path: &Path, suggested: &Path) {
        let text = |part: Option<&std::ffi::OsStr>| Some(part?.to_string_lossy().into_owned());
        let Some(ending) = text(path.extension()).map(|ending| ending.to_lowercase()) else {
            return;
        };
        let folder = path.parent().unwrap_or(Path::new("")).to_string_lossy().into_owned();
        let is_suggested = path.file_stem() == suggested.file_stem();
        let name = if is_suggested { self.of(&ending).name } else { text(path.file_stem()) };
        self.by_ending.insert(ending, ExportPlace { folder, name });
    }

    /// The place of the last export with this ending.
    pub(in crate::ui) fn of(&self, ending: &str) -> ExportPlace {
        self.by_ending.get(ending).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_folder_and_a_name_of_its_own() {
        let mut places = ExportPlaces::default();
        places.remember(Path::new("/talk/edge.PNG"), Path::new("/home/eoscope-run1.png"));
        places.remember(Path::new("/data/eoscope-run1.csv"), Path::new("/x/eoscope-run1.csv"));
        places.remember(Path::new("/talk/no-ending"), Path::new("/talk/run1.png"));
        let place = |ending: &str| (places.of(ending).folder(), places.of(ending).name);
        assert_eq!(place("png"), ("/talk".into(), Some("edge".to_owned())));
        assert_eq!(place("csv"), ("/data".into(), None));
        assert_eq!(place("svg"), (PathBuf::new(), None));
        // A number that keeps the name unused is not part of it.
        places.remember(Path::new("/talk/edge-2.png"), Path::new("/talk/edge-2.png"));
        assert_eq!(places.of("png").name(), Some("edge"));
    }
}
