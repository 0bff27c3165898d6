//! The command line as a user or script sees it: arguments in; text, files and exit codes out.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "../common/program.rs"]
mod program;

mod answers;
mod pictures;
mod repeats;
mod runs;

use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

/// A very fast run: 20 points, 701 parameters.
const SHORT: [&str; 4] = ["run", "chebyshev-edge", "--steps", "5"];

fn eoscope(folder: &Path, words: &[&str]) -> Output {
    program::eoscope(folder, words).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The command is refused with this exit code and all of these messages.
fn refused(folder: &TempDir, words: &[&str], code: i32, wanted: &[&str]) {
    let output = eoscope(folder.path(), words);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{words:?}: {text}");
    assert!(wanted.iter().all(|wanted| text.contains(wanted)), "{words:?}: {text}");
    assert!(!text.contains("panicked"), "{words:?}: {text}");
    assert_eq!(stdout(&output), "", "{words:?}");
}

fn short_run(folder: &Path, more: &[&str]) -> Output {
    let output = eoscope(folder, &[&SHORT[..], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    output
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}
