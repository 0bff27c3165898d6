//! Estimates of memory and time of runs, against measured ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a failed test says so at once"
)]

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use eoscope::config::{RunConfig, parse_assignment, preset};
use eoscope::cost::Cost;

const THREADS: usize = 2;

/// Short runs, one for each kind of memory use.
const SHORT: &[&str] = &[
    "fashion-edge",
    "fashion-edge task.n_train=5000 live.probe.every=off",
    "fashion-edge model.hidden=[300,300] task.n_train=20",
    "fashion-edge model.hidden=[2000,2000] task.n_train=50 live.probe.every=off",
    "blowup-batch-norm",
    "cnn-edge",
    "resnet-batch-norm",
    "densenet-edge",
    "sorting-edge",
    "patches-edge task.n_train=300",
];

/// Long runs that use gibibytes.
const LONG: &[&str] = &[
    "fashion-edge model.hidden=[512,512]",
    "fashion-edge model.hidden=[300,300] task.n_train=100 live.probe.top_k=6",
    "fashion-edge model.hidden=[1000,1000] task.n_train=20 optimizer.rule=\"adam\"",
    "fashion-edge model.hidden=[1500,1500] task.n_train=100",
    "fashion-edge model.hidden=[1500,1500] task.n_train=100 dtype=\"f64\"",
    "fashion-edge model.hidden=[1500,1500] task.n_train=2000 optimizer.batch=50 task.n_probe=100",
    "fashion-edge model.hidden=[3000,3000] task.n_train=20",
    "fashion-edge model.hidden=[3000,3000] task.n_train=20 live.probe.top_k=6",
    "blowup-batch-norm model.hidden=[1000,1000] task.n_train=2000",
    "fashion-edge task.name=\"shapes\" task.n_train=5000 live.probe.every=off",
    "cnn-edge task.n_train=1000 model.hidden=[32,64,64] live.probe.min_every=off",
    "resnet-batch-norm task.n_train=1000",
    "sorting-edge model.width=128 task.length=16 task.n_train=500 live.probe.min_every=off",
    "metainit model.hidden=[1000,1000] init.tuning_steps=3",
];

fn config(line: &str) -> RunConfig {
    let mut words = line.split(' ');
    let mut config = preset(words.next().unwrap()).unwrap().config.clone();
    let set: Vec<_> = words.map(|word| parse_assignment(word).unwrap()).collect();
    config.set_all(set.iter().map(|(key, value)| (key.as_str(), value))).unwrap();
    config.n_steps = 3;
    config
}

/// Peak memory of the process in bytes; `None` once it has exited.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10)
}

/// Peak memory of three steps of a run in bytes.
fn measured(line: &str) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.toml");
    fs::write(&file, config(line).to_toml()).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_eoscope"))
        .arg("run")
        .arg(&file)
        .arg("--out")
        .arg(folder.path().join("run"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(peak(&child).unwrap_or(0));
        sleep(Duration::from_millis(5));
    }
    assert!(child.wait().unwrap().success(), "{line}");
    most
}

/// Estimates are close: too low would end a run half-way, too high would refuse one that fits.
fn compare(lines: &[&str]) {
    let mut wrong = Vec::new();
    for line in lines {
        let (estimate, measured) =
            (Cost::of(&config(line), THREADS).unwrap().memory.total(), measured(line));
        let ratio = estimate as f64 / measured as f64;
        let told = format!("{ratio:.2}: {} of {} MiB, {line}", estimate >> 20, measured >> 20);
        eprintln!("{told}");
        if !(0.9..2.5).contains(&ratio) {
            wrong.push(told);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_a_run_is_known_before_it_starts() {
    compare(SHORT);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes and up to eight gibibytes"]
fn the_memory_of_large_runs_is_known_before_they_start() {
    compare(LONG);
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_beyond_what_may_be_had_is_refused_before_it_takes_anything() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let program = env!("CARGO_BIN_EXE_eoscope");
    let command = format!(
        "ulimit -v 2000000; exec {program} run --set model.hidden=[3000,3000] --out {}",
        out.display()
    );
    let ended = Command::new("bash").arg("-c").arg(command).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("`ulimit -v` allows 1.9 GiB"), "{said}");
    assert!(said.contains("eigenvectors of its measurements"), "{said}");
    assert!(!out.exists());
}
