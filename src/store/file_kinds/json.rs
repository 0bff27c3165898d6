//! Problems of JSON in plain words, instead of the library's words for types of Rust.

use crate::text::excerpt;

/// A JSON object in words.
const OBJECT: &str = "an object in braces";

/// What is wrong with a JSON text, in words, without its line.
pub(in crate::store) fn plain_problem(error: &serde_json::Error) -> String {
    let column = error.column();
    if error.is_eof() {
        return "it ends too early".to_owned();
    }
    if !error.is_data() {
        return format!("it is no JSON at column {column}");
    }
    let text = error.to_string();
    // The end of the message repeats line and column.
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
    let mismatch =
        text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: "));
    if let Some((found, expected)) = mismatch.and_then(|text| text.rsplit_once(", expected ")) {
        let (found, expected) = (excerpt(found_value(found)), expected_kind(expected));
        return format!("at column {column} stands {found}, not {expected}");
    }
    if let Some(field) = text.strip_prefix("missing field ") {
        return format!("{field} is missing");
    }
    if let Some(field) = text.strip_prefix("duplicate field ") {
        return format!("{field} stands there twice");
    }
    let unknown =
        text.strip_prefix("unknown field ").or_else(|| text.strip_prefix("unknown variant "));
    if let Some((name, known)) = unknown.and_then(|text| text.split_once(", expected ")) {
        return format!("{} is unknown here; there can be {known}", excerpt(name));
    }
    excerpt(text)
}

/// The value that was found, without its type.
fn found_value(found: &str) -> &str {
    match found {
        "map" => OBJECT,
        "sequence" => "a list",
        "unit value" => "null",
        _ => ["integer ", "floating point ", "boolean ", "string "]
            .into_iter()
            .find_map(|kind| found.strip_prefix(kind))
            .unwrap_or(found),
    }
}

/// What was expected, in words for a type of Rust.
fn expected_kind(expected: &str) -> &str {
    let word = expected.split(' ').next().unwrap_or_default();
    match word {
        "struct" | "map" => OBJECT,
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number of at least 0",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "enum" | "variant" => "one of the known words",
        "any" => "a number, a text, a list, true or false",
        _ => expected,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[expect(dead_code, reason = "only read from JSON")]
        step: u64,
        #[expect(dead_code, reason = "only read from JSON")]
        key: String,
    }

    #[test]
    fn no_type_of_rust_is_named() {
        for (line, wanted) in [
            ("5", "stands `5`, not an object in braces"),
            (r#"{"step":"x","key":"a"}"#, r#"stands "x", not a whole number of at least 0"#),
            (r#"{"step":-1,"key":"a"}"#, "stands `-1`, not a whole number of at least 0"),
            (r#"{"step":1.5,"key":"a"}"#, "stands `1.5`, not a whole number of at least 0"),
            (r#"{"step":5,"key":null}"#, "stands null, not a string"),
            (r#"{"step":5,"key":{}}"#, "stands an object in braces, not a string"),
            (r#"{"step":5}"#, "`key` is missing"),
            (r#"{"step":5,"step":6}"#, "`step` stands there twice"),
            (r#"{"step":5,"kye":"a"}"#, "`kye` is unknown here; there can be `step` or `key`"),
            (r#"{"step":5,"key""#, "it ends too early"),
            ("{step:5}", "it is no JSON at column 2"),
        ] {
            let problem = plain_problem(&serde_json::from_str::<Line>(line).unwrap_err());
            assert!(problem.contains(wanted), "{line}: {problem}");
        }
        let error = serde_json::from_str::<BTreeMap<String, Vec<f64>>>(r#"{"a":[true]}"#);
        let problem = plain_problem(&error.unwrap_err());
        assert!(problem.contains("stands `true`, not a number"), "{problem}");
    }
}
