//! String literals: sentences, keys of settings and names of quantities, each in one place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::sources::{code, is_of_tests, sources};

/// The string literals of code, each on one line and with ' for an escaped quote; without reasons of
/// lints.
fn literals(code: &str) -> Vec<String> {
    let quoted = code.replace("\\\"", "'").replace("'\"'", "' '");
    let said = |before: &str| !before.ends_with("reason = ");
    let parts: Vec<&str> = quoted.split('"').collect();
    assert_eq!(parts.len() % 2, 1, "a quote without its other: {code}");
    let found = parts.windows(2).enumerate().filter(|(i, pair)| i % 2 == 0 && said(pair[0]));
    let one_line = |literal: &str| {
        let lines = literal.split("\\\n").map(str::trim_start);
        lines.collect::<String>()
    };
    found.map(|(_, pair)| one_line(pair[1])).collect()
}

/// The string literals of a file that are sentences for the user: four words or more.
fn sentences(text: &str) -> Vec<String> {
    let mut found = literals(&code(&text.replace("://", ":")));
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    found.retain(|sentence| sentence.split(' ').filter(is_word).count() >= 4);
    found
}

#[test]
fn no_sentence_is_written_twice() {
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut n_sentences = 0;
    for (room, files) in sources() {
        // Messages of the engine are not for the user.
        if room == "net" {
            continue;
        }
        for (path, text) in files.into_iter().filter(|(path, _)| !is_of_tests(path)) {
            for sentence in sentences(&text) {
                n_sentences += 1;
                if let Some(first) = seen.insert(sentence.clone(), path.clone()) {
                    panic!("“{sentence}” stands in {} and {}", first.display(), path.display());
                }
            }
        }
    }
    assert!(n_sentences > 500, "{n_sentences}");
}

/// Whether a literal is this key or, in a longer text, has it as a word: one with dots anywhere, any
/// other in backticks or quotes.
fn spells(literal: &str, key: &str) -> bool {
    let is_of_key = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let is_quote = |c: char| c == '`' || c == '\'';
    literal == key
        || literal.match_indices(key).any(|(at, _)| {
            let (before, after) = (&literal[..at], &literal[at + key.len()..]);
            // A full stop ends a sentence.
            let after = after
                .strip_prefix('.')
                .filter(|rest| !rest.starts_with(is_of_key))
                .unwrap_or(after);
            let is_word = !before.ends_with(is_of_key) && !after.starts_with(is_of_key);
            let is_quoted = before.ends_with(is_quote) && after.starts_with(is_quote);
            is_quoted || is_word && key.contains('.')
        })
}

#[test]
fn a_key_in_a_longer_text_is_found() {
    for text in ["live.height", "use live.height=3", "`live.height` is 2", "a lower live.height."] {
        assert!(spells(text, "live.height"), "{text}");
    }
    for text in ["live.height.least", "olive.height", "live.heights", "{}.live.height"] {
        assert!(!spells(text, "live.height"), "{text}");
    }
    assert!(spells("n_rows", "n_rows") && spells("write 'n_rows'", "n_rows"));
    assert!(!spells("{n_rows} rows", "n_rows"));
    assert_eq!(literals("f(\"a\", \"key = \\\"b\\\"\")"), ["a", "key = 'b'"]);
}

/// Keys of settings with a dot or an underscore; those of one word have other meanings too.
fn keys() -> impl Iterator<Item = &'static str> {
    eoscope::config::Setting::all().map(|row| row.key).filter(|key| key.contains(['.', '_']))
}

/// A misspelt key elsewhere would silently find nothing, and a message would name one that is none.
#[test]
fn settings_are_spelt_out_in_their_declaration_alone() {
    for (path, text) in sources().into_values().flatten().filter(|(path, _)| !is_of_tests(path)) {
        for literal in literals(&code(&text.replace("://", ":"))) {
            let spelt = keys().find(|key| spells(&literal, key));
            assert!(spelt.is_none(), "{}: {spelt:?} in “{literal}”", path.display());
        }
    }
}

/// Unit tests too name a setting by its declaration, except in the text of a file or a command. The
/// declarations have tests of their keys.
#[test]
fn unit_tests_name_settings_by_their_declarations() {
    let declarations = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config/settings");
    let is_elsewhere = |path: &Path| !path.starts_with(&declarations);
    for (path, text) in sources().into_values().flatten().filter(|(path, _)| is_elsewhere(path)) {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let text = lines.collect::<Vec<_>>().join("\n");
        for key in keys() {
            let is_spelt =
                text.contains(&format!("\"{key}\"")) || text.contains(&format!("`{key}`"));
            assert!(!is_spelt, "{}: {key}", path.display());
        }
    }
}

#[test]
fn quantities_are_spelt_out_in_their_declaration_alone() {
    // Columns of other tables with the same name.
    let others = [("store", "grad_norm")];
    for (room, files) in sources().iter().filter(|(room, _)| *room != "quantity") {
        for (path, text) in files.iter().filter(|(path, _)| !is_of_tests(path)) {
            let code = code(text);
            let named = eoscope::quantity::Quantity::all().map(eoscope::quantity::Quantity::name);
            for name in named.filter(|name| name.contains('_')) {
                let is_other = others.contains(&(room.as_str(), name));
                let is_spelt = code.contains(&format!("\"{name}\""));
                assert!(is_other || !is_spelt, "{}: \"{name}\"", path.display());
            }
        }
    }
}
