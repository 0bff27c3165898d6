//! Labels of run folders in a picture: the folder's name, with as much of its path as makes it
//! unique.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::platform::files;

/// The folders in the order given, without duplicates, each with a unique label.
pub(super) fn with_unique_labels(dirs: &[PathBuf]) -> Vec<(String, PathBuf)> {
    let mut seen = BTreeSet::new();
    let whole = |dir: &PathBuf| files::canonicalize(dir).unwrap_or_else(|_| dir.clone());
    let unique: Vec<&PathBuf> = dirs.iter().filter(|dir| seen.insert(whole(dir))).collect();
    let paths: Vec<PathBuf> = unique.iter().map(|dir| whole(dir)).collect();
    let label = |path: &Path| {
        let is_alone =
            |n: usize| paths.iter().filter(|other| last(other, n) == last(path, n)).count() == 1;
        let longest = path.components().count().max(1);
        last(path, (1..longest).find(|n| is_alone(*n)).unwrap_or(longest))
    };
    unique.into_iter().zip(&paths).map(|(dir, path)| (label(path), dir.clone())).collect()
}

/// The last `n` parts of a path, or all if it has fewer.
fn last(path: &Path, n: usize) -> String {
    let parts: Vec<_> = path
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if parts.is_empty() {
        return path.display().to_string();
    }
    parts[parts.len().saturating_sub(n)..].join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_one_name_get_different_labels_and_duplicates_one() {
        let home = tempfile::tempdir().unwrap();
        for dir in ["a/run", "b/run", "b/other"] {
            std::fs::create_dir_all(home.path().join(dir)).unwrap();
        }
        let given = ["a/run", "b/other", "b/run", "a/../a/run"].map(|dir| home.path().join(dir));
        let labels: Vec<_> =
            with_unique_labels(&given).into_iter().map(|(label, _)| label).collect();
        assert_eq!(labels, ["a/run", "other", "b/run"]);
        let missing = with_unique_labels(&["x".into(), "y/x".into()]);
        assert_eq!(missing.len(), 2);
    }
}
