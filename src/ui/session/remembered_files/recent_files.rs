//! The configurations, run folders and figures that were opened last.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::platform::files;

/// The most that are remembered.
const MAX_RECENT: usize = 10;

/// What was opened last, newest first. Nothing is removed when a file disappears: its disk may come back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::ui) struct RecentFiles {
    paths: Vec<String>,
}

impl RecentFiles {
    /// Puts a path first.
    pub(in crate::ui) fn add(&mut self, path: &Path) {
        let path = files::absolute(path).to_string_lossy().into_owned();
        self.paths.retain(|known| *known != path);
        self.paths.insert(0, path);
        self.paths.truncate(MAX_RECENT);
    }

    /// The paths, newest first.
    pub(in crate::ui) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        self.paths.iter().take(MAX_RECENT).map(PathBuf::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ten_are_kept_newest_first_and_once() {
        let mut recent = RecentFiles::default();
        (0..12).for_each(|n| recent.add(Path::new(&format!("/a/{n}.png"))));
        recent.add(Path::new("/a/5.png"));
        let names: Vec<_> = recent.paths().collect();
        assert_eq!(names.len(), 10);
        assert_eq!(names[..2], [Path::new("/a/5.png"), Path::new("/a/11.png")]);
        assert_eq!(names.last().unwrap(), Path::new("/a/2.png"));
        recent.add(Path::new("b.toml"));
        assert!(recent.paths().next().unwrap().is_absolute());
    }
}
