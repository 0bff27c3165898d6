//! Settings by their keys: in a file, on the command line, and refused by name.

use std::convert::Infallible;
use std::ffi::OsString;
use std::process;

use eoscope::config::{Range, RunConfig, Setting};
use toml::Value;

use crate::{acting, integer, legal, with};

/// Invalid values of a setting.
fn illegal(row: &Setting) -> Vec<Value> {
    let word = Value::String("banana".into());
    match row.range {
        Range::Real { min, max, .. } => {
            let below = Value::Float(min - 1.0);
            vec![below, Value::Float(max * 1.01), Value::Float(f64::NAN), word]
        }
        Range::Whole { max, .. } => {
            vec![Value::Integer(-1), integer(max + 1), Value::Float(1.5), word]
        }
        Range::WholeOr(_) => vec![Value::Integer(0), Value::Integer(-3), Value::Float(1.5), word],
        Range::Switch => vec![Value::Integer(1), word],
        Range::Word(_) => vec![word, Value::Boolean(true), Value::Integer(-7)],
        Range::Widths => {
            vec![Value::Array(vec![integer(0)]), Value::Array(vec![word.clone()]), word]
        }
        Range::Factors => {
            let one = |value| Value::Array(vec![value]);
            vec![one(Value::Float(-1.0)), one(Value::Float(f64::NAN)), one(word.clone()), word]
        }
        Range::Text => vec![Value::Integer(3), Value::Boolean(true)],
    }
}

/// A TOML document of one setting.
fn document(key: &str, value: &Value) -> String {
    match key.rsplit_once('.') {
        Some((table, last)) => format!("[{table}]\n{last} = {value}\n"),
        None => format!("{key} = {value}\n"),
    }
}

/// The configuration that the command line passes to the window.
fn opened(words: &[&str]) -> Option<RunConfig> {
    let mut opened = None;
    let words = std::iter::once("eoscope").chain(words.iter().copied()).map(OsString::from);
    eoscope::cli::main(words, |config, _| {
        opened = Some(config);
        Ok::<(), Infallible>(())
    });
    opened
}

#[test]
fn every_setting_goes_through_a_file_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.toml");
    for row in Setting::all() {
        let base = RunConfig::default();
        for value in legal(row, &base) {
            std::fs::write(&path, document(row.key, &value)).unwrap();
            let read = opened(&[path.to_str().unwrap()]).unwrap();
            assert_eq!(read, with(&base, row.key, &value), "{} = {value}", row.key);
            assert_eq!(read.get(row.key), Some(value));
            assert_eq!(RunConfig::from_toml(&read.to_toml()), Ok(read));
        }
    }
}

#[test]
fn every_setting_goes_through_the_command_line_and_the_command_that_is_copied() {
    for row in Setting::all() {
        let base = acting(row.key);
        let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        std::fs::write(file.path(), base.to_toml()).unwrap();
        for value in legal(row, &base) {
            let bare = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            for written in [value.to_string(), bare] {
                let set = format!("{}={written}", row.key);
                let read = opened(&[file.path().to_str().unwrap(), "--set", &set]).unwrap();
                assert_eq!(read, with(&base, row.key, &value), "{set}");
            }
            let wanted = with(&base, row.key, &value);
            let command = wanted.command();
            let words: Vec<&str> = command[1..].iter().map(String::as_str).collect();
            let mut read = opened(&words).unwrap();
            // A name that is no preset's is told by what it differs in.
            if row.key == "name" {
                read.name.clone_from(&wanted.name);
            }
            assert_eq!(read, wanted, "{command:?}");
        }
    }
}

#[test]
fn an_illegal_value_is_answered_with_a_sentence_that_names_its_key() {
    for row in Setting::all() {
        for value in illegal(row) {
            let error = RunConfig::from_toml(&document(row.key, &value)).unwrap_err().to_string();
            assert!(error.contains(&format!("`{}`", row.key)), "{} = {value}: {error}", row.key);
            let says_what = ["expected", "choose a number", "did you mean"]
                .iter()
                .any(|words| error.contains(words));
            assert!(says_what && !error.contains('\n'), "{error}");
        }
        let value = &illegal(row)[0];
        let set = format!("{}={value}", row.key);
        let folder = tempfile::tempdir().unwrap();
        let output = process::Command::new(env!("CARGO_BIN_EXE_eoscope"))
            .args(["run", "digits-edge", "--steps", "1", "--set", &set])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        // A text can look like a number.
        if !matches!(row.range, Range::Text) {
            assert_eq!(output.status.code(), Some(2), "{set}: {said}");
        }
        assert!(said.contains(&format!("`{}`", row.key)), "{set}: {said}");
    }
}
