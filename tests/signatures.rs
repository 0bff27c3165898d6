//! No function takes a tuple as a parameter.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "common/sources.rs"]
mod sources;

use sources::{code, is_of_tests, sources};

/// Splits text after the bracket that closes its first one.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (i, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '-' || before == '=' => {}
            ')' | ']' | '}' | '>' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some((&text[1..i], &text[i + 1..]));
        }
        before = c;
    }
    None
}

/// Splits text at separators outside of brackets.
fn split(text: &str, mark: char) -> Vec<&str> {
    let (mut depth, mut start, mut before, mut parts) = (0_i32, 0, ' ', Vec::new());
    for (i, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '-' || before == '=' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            c if c == mark && depth == 0 => {
                parts.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
        before = c;
    }
    parts.push(text[start..].trim());
    parts
}

/// A type without leading references.
fn referred(of: &str) -> &str {
    let mut rest = of.trim();
    loop {
        let mut shorter = rest.trim_start_matches(['&', ' ']).trim_start_matches("mut ");
        if let Some(lifetime) = shorter.strip_prefix('\'') {
            shorter = lifetime.trim_start_matches(is_inside);
        }
        if shorter == rest {
            return rest;
        }
        rest = shorter;
    }
}

/// Whether a type is a tuple of at least two, or a reference to one.
fn is_tuple(of: &str) -> bool {
    let of = referred(of);
    of.starts_with('(') && bracketed(of).is_some_and(|(inner, _)| split(inner, ',').len() > 1)
}

/// Whether a character can be part of a name.
fn is_inside(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The name at the start of a text.
fn name(text: &str) -> &str {
    &text[..text.find(|c| !is_inside(c)).unwrap_or(text.len())]
}

/// The text after each whole-word occurrence.
fn after<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    let places = code.match_indices(word);
    let is_word = |at: usize| !code[..at].ends_with(is_inside);
    places.filter(move |(at, _)| is_word(*at)).map(move |(at, _)| &code[at + word.len()..])
}

/// Functions with a tuple parameter, written out or as a type alias.
fn with_tuples(code: &str) -> Vec<&str> {
    let aliases: Vec<&str> = after(code, "type ")
        .filter(|rest| rest.split_once('=').is_some_and(|(_, of)| is_tuple(of)))
        .map(name)
        .collect();
    let is_tuple = |of: &str| is_tuple(of) || aliases.contains(&name(referred(of)));
    let has_tuples = |function: &&str| {
        let mut rest = &function[name(function).len()..];
        if rest.starts_with('<') {
            rest = bracketed(rest).map_or("", |(_, rest)| rest);
        }
        let parameters = rest.starts_with('(').then(|| bracketed(rest)).flatten();
        let parameters = parameters.map_or_else(Vec::new, |(inner, _)| split(inner, ','));
        let types = parameters.into_iter().filter_map(|parameter| {
            let pattern = split(parameter, ':')[0];
            parameter[pattern.len()..].trim_start().strip_prefix(':')
        });
        types.into_iter().any(is_tuple)
    };
    // `From::from` has a single parameter by definition of the trait.
    after(code, "fn ").filter(has_tuples).map(name).collect()
}

#[test]
fn tuples_among_parameters_are_found() {
    for tuple in [
        "fn a((x, y): (usize, usize)) {}",
        "pub(crate) fn a<T: Fn(usize) -> T>(&self, x: &'a mut (T, Vec<(u8, u8)>), k: u8) -> T",
        "fn b(&self, x: &(&[f64], &[f64]))",
        "    $(fn $name(x: u8);)+ fn c(x: u8, (i, j): (usize, usize)) -> u8;",
        "type Pair<'a> = (&'a str, usize);\nfn a(x: &Pair<'_>, y: u8) {}",
    ] {
        assert_eq!(with_tuples(tuple).len(), 1, "{tuple}");
    }
    for none in [
        "fn a(x: usize, [i, j]: [usize; 2]) -> (usize, usize) {}",
        "fn a<T: Fn((u8, u8)) -> T>(&self, f: impl Fn((u8, u8)) -> T, x: &[(u8, u8)], y: ()) {}",
        "fn a(panic: &(dyn Any + Send)) { |(a, b): (u8, u8)| a }",
        "type Pair = (u8, u8);\ntype Found = Vec<Pair>;\nfn a(at: std::ops::Range<u8>, x: Found) {}",
    ] {
        assert!(with_tuples(none).is_empty(), "{none}");
    }
}

#[test]
fn no_function_takes_a_tuple() {
    let mut found = Vec::new();
    for (path, text) in sources().into_values().flatten().filter(|(path, _)| !is_of_tests(path)) {
        let code = code(&text);
        found.extend(with_tuples(&code).iter().map(|name| format!("{}: {name}", path.display())));
    }
    let advice = "give each parameter a name, or the tuple a type with named fields";
    assert!(found.is_empty(), "{advice}:\n{}", found.join("\n"));
}
