//! Sweeps give the same results table however the work is divided, interrupted and resumed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "../common/program.rs"]
mod program;

mod command;
mod merging;
mod resuming;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use eoscope::study::{Options, Study, StudyError, SweepEvent, Swept, built_in, sweep};
use tempfile::TempDir;

/// 3 rates × 2 cases × 2 seeds; the largest rate diverges.
const GRID: &str = r#"
name = "grid"
sees = "Warmup does not hurt."
base = "chebyshev-edge"
set = { n_steps = 30, live.probe.every = 5 }
seeds = [1, 2]

[[axis]]
key = "live.peak_lr"
values = [0.05, 0.2, 50]

[[axis]]
name = "method"
case = [{ name = "plain" }, { name = "warmup", set = { live.warmup.steps = 10 } }]
"#;

fn study(text: &str) -> Study {
    Study::from_toml(text, &built_in).unwrap()
}

fn options(shard: &str, n_jobs: usize) -> Options {
    Options { shard: shard.parse().unwrap(), n_jobs }
}

/// Sweeps all unfinished tasks; counts the runs started.
fn swept(study: &Study, dir: &Path, options: Options) -> Result<(Swept, usize), StudyError> {
    let n_begun = AtomicUsize::new(0);
    let watch = |report: SweepEvent<'_>| {
        if let SweepEvent::Begun(_) = report {
            n_begun.fetch_add(1, Ordering::Relaxed);
        }
    };
    let swept = sweep(study, dir, options, &AtomicBool::new(false), &watch)?;
    Ok((swept, n_begun.into_inner()))
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The text of a table without its last column, the wall time.
fn without_times(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let cut = |line: &str| format!("{}\n", line.rsplit_once(',').unwrap().0);
    text.lines().map(cut).collect()
}

/// Every file of every run, with its contents.
fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for run in fs::read_dir(dir.join("runs")).unwrap() {
        for file in fs::read_dir(run.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// Sweeps all unfinished tasks; returns the messages about unusable folders.
fn told_by(study: &Study, dir: &Path) -> (Swept, Vec<String>) {
    let told = Mutex::new(Vec::new());
    let watch = |report: SweepEvent<'_>| {
        if let SweepEvent::Replaced(why) | SweepEvent::Skipped { why, .. } = report {
            told.lock().unwrap().push(why.to_owned());
        }
    };
    let swept = sweep(study, dir, options("1/1", 2), &AtomicBool::new(false), &watch).unwrap();
    (swept, told.into_inner().unwrap())
}
