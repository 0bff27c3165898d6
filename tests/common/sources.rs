//! The source files of the crate, by room.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) fn sources() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    fn walk(dir: &Path, room: Option<&str>, found: &mut BTreeMap<String, Vec<(PathBuf, String)>>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                walk(&path, Some(room.unwrap_or(&stem)), found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.entry(room.unwrap_or(&stem).to_owned()).or_default().push((path, text));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), None, &mut found);
    found
}

/// Code without comments and without items that only tests compile.
pub(crate) fn code(text: &str) -> String {
    let text = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut parts = text.split("#[cfg(test)]");
    let mut code = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| code.push_str(after_item(part)));
    code
}

/// The text after its first item, which other attributes may precede.
fn after_item(text: &str) -> &str {
    let (mut depth, mut is_string) = (0_usize, false);
    let mut letters = text.char_indices();
    while let Some((i, c)) = letters.next() {
        match c {
            '\\' if is_string => {
                letters.next();
            }
            '"' => is_string = !is_string,
            _ if is_string => {}
            // A letter in quotes.
            '\'' if text[i + 1..].chars().nth(1) == Some('\'') => {
                letters.nth(1);
            }
            '{' | '(' | '[' => depth += 1,
            '}' if depth == 1 => return &text[i + 1..],
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => return &text[i + 1..],
            _ => {}
        }
    }
    ""
}

/// Whether a file contains only unit tests.
pub(crate) fn is_of_tests(path: &Path) -> bool {
    let below = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    path.ends_with("tests.rs") || below.components().any(|part| part.as_os_str() == "tests")
}
