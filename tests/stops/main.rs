//! The program under adverse conditions: signals at any moment, two processes in one folder, a full disk,
//! and files removed by other programs.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "../common/program.rs"]
mod program;

mod folders;
mod outputs;
mod signals;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use eoscope::store::{self, read_checkpoint};
use tempfile::TempDir;

/// The longest a stop may take while other tests fill the machine: five times the limit for a user.
const PATIENCE: Duration = Duration::from_secs(5);

fn shell(folder: &Path, script: &str) -> Output {
    // A script on the path, since a background function would run in a subshell.
    let bin = Path::new(env!("CARGO_BIN_EXE_eoscope")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    Command::new("bash")
        .current_dir(folder)
        // No process outlives the script, even if the test fails.
        .args(["-c", &format!("trap 'kill -9 $(jobs -p) 2>/dev/null' EXIT\n{script}")])
        .env("PATH", format!("{}:{path}", bin.display()))
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn summary(dir: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(dir.join("summary.json")).unwrap()).unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// Waits for a program that was asked to stop; returns its status.
fn ended(mut child: Child, what: &str) -> Output {
    let told = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if told.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{what}: not ended after {PATIENCE:?}");
        }
        sleep(Duration::from_millis(2));
    }
    child.wait_with_output().unwrap()
}

/// Checks that the folder of an interrupted run is complete; returns the steps taken.
fn assert_nothing_lost(dir: &Path, what: &str) -> u64 {
    let summary = summary(dir);
    assert_eq!(summary["status"], "stopped", "{what}");
    let n_steps = summary["n_steps"].as_u64().unwrap();
    let run = store::load(dir).unwrap();
    assert_eq!(run.n_steps(), n_steps, "{what}");
    let rows = fs::read_to_string(dir.join("metrics.csv")).unwrap();
    assert!(rows.ends_with('\n'), "{what}: a torn row");
    assert_eq!(rows.lines().count() as u64, n_steps + 1, "{what}");
    let weights = dir.join(format!("checkpoint-{n_steps}.safetensors"));
    if summary["n_params"].as_f64() != Some(0.0) {
        assert_eq!(read_checkpoint(&weights).unwrap().step, n_steps, "{what}");
    }
    assert!(names(dir).iter().all(|name| !name.contains(".part")), "{what}: {:?}", names(dir));
    n_steps
}
