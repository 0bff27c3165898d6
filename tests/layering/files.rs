//! Files, folders and names of modules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::sources::sources;

/// The most lines in a file.
const MAX_LINES: usize = 450;

/// The most files in a folder.
const MAX_FILES: usize = 15;

/// Names of modules that mean the same thing in every room that has one, and what.
const SAME_NAMES: &[(&str, &str)] = &[
    ("error", "the failures of a room"),
    ("tests", "unit tests"),
    ("architectures", "kinds of network: `config` declares them, `net` builds them"),
    ("chart", "a picture of a study: `figure` has its content, `paint` draws it"),
    ("doubts", "steps whose eigenvalues an audit contradicted: in a history, in its file"),
    ("init", "initial weights: the room, and its settings"),
    ("optimizer", "the optimizer: its update, and its settings"),
    ("presets", "configurations with a name: the program's own, and the user's"),
    ("probe", "the probe of curvature: the probe, and its settings"),
    ("rules", "update rules: `config` declares them, `optim` holds them"),
    ("run", "a run: its settings, its history, its folder"),
    ("study", "a study: the room, and its folder"),
    ("table", "a table of results: a study's, and how one is printed"),
];

#[test]
fn no_folder_holds_too_many_files() {
    let mut n_files: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (path, _) in sources().into_values().flatten() {
        *n_files.entry(path.parent().unwrap().to_owned()).or_default() += 1;
    }
    for (folder, n) in n_files {
        assert!(n <= MAX_FILES, "{} has {n} files: divide it", folder.display());
    }
}

/// The root of a folder of modules is its `mod.rs`, not a file of its name beside it.
#[test]
fn the_door_of_a_folder_is_within_it() {
    for (path, _) in sources().into_values().flatten() {
        let folder = path.with_extension("");
        assert!(!folder.is_dir(), "{} stands beside its folder", path.display());
    }
}

#[test]
fn a_name_of_a_module_means_one_thing() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut rooms_with: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (room, files) in sources() {
        for (path, _) in files {
            let below = path.strip_prefix(&src).unwrap().with_extension("");
            for name in below.iter().map(|name| name.to_str().unwrap().to_owned()) {
                rooms_with.entry(name).or_default().insert(room.clone());
            }
        }
    }
    rooms_with.retain(|name, rooms| name != "mod" && rooms.len() > 1);
    for (name, meaning) in SAME_NAMES {
        assert!(rooms_with.remove(*name).is_some(), "only one room has `{name}`, {meaning}");
    }
    assert!(rooms_with.is_empty(), "a name for two ideas, or missing above: {rooms_with:?}");
}

/// The source files of the crate and of its tests, with their texts.
fn all_files() -> Vec<(PathBuf, String)> {
    let mut found: Vec<_> = sources().into_values().flatten().collect();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

#[test]
fn every_file_opens_with_its_duty_and_has_few_lines() {
    let files = all_files();
    assert!(
        files.iter().any(|(path, _)| path.ends_with("tests/layering/files.rs")),
        "no tests among them"
    );
    for (path, text) in files {
        assert!(text.starts_with("//!"), "{} does not say what it is for", path.display());
        let n = text.lines().count();
        assert!(n <= MAX_LINES, "{} has {n} lines: divide it", path.display());
    }
}
