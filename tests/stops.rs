//! The program under adverse conditions: signals at any moment, two processes in one folder, a full disk,
//! and files removed by other programs.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "common/program.rs"]
mod program;

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use eoscope::quantity;
use eoscope::store::{self, read_checkpoint};
use program::eoscope;
use tempfile::TempDir;

/// The longest a stop may take while other tests fill the machine: five times the limit for a user.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs of every architecture, some with tuned weights, with every measurement.
const RUNS: [(&str, &[&str]); 10] = [
    ("fashion-edge", &["--set", "task.n_train=500"]),
    ("residual-edge", &[]),
    ("cnn-edge", &[]),
    ("resnet-blowup", &[]),
    ("resnet-batch-norm", &[]),
    ("densenet-edge", &[]),
    ("sorting-edge", &[]),
    ("patches-edge", &[]),
    ("metainit", &["--set", "model.hidden=[200,100]"]),
    ("gradinit", &["--set", "optimizer.batch=64"]),
];

const MEASURED: [&str; 6] = [
    "--set",
    "live.probe.min_every=2",
    "--set",
    "live.probe.audit_every=3",
    "--set",
    "n_steps=1000000",
];

const SIGNALS: [(&str, i32); 3] = [("HUP", 1), ("INT", 2), ("TERM", 15)];

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

/// Pseudo-random fractions (splitmix64).
fn fractions(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    })
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

#[test]
fn a_stop_by_each_signal_at_any_moment_ends_soon_and_loses_nothing() {
    for (at, (preset, set)) in RUNS.iter().enumerate() {
        let folder = folder();
        let mut longest = Duration::ZERO;
        let mut n_stopped = 0;
        for (i, moment) in fractions(at as u64).take(20).enumerate() {
            let (signal, number) = SIGNALS[i % 3];
            let out = format!("{i}");
            let words = [&["run", preset, "--out", &out], &MEASURED[..], set].concat();
            let child = eoscope(folder.path(), &words).spawn().unwrap();
            sleep(Duration::from_secs_f64(0.02 + 0.9 * moment * moment));
            let what = format!("{preset}, SIG{signal} after {moment}");
            let told = Instant::now();
            send(&child, signal);
            let output = ended(child, &what);
            longest = longest.max(told.elapsed());
            assert_eq!(output.status.signal(), Some(number), "{what}: {}", text(&output.stderr));
            let dir = folder.path().join(&out);
            // In the first milliseconds the program has no signal handler yet.
            if dir.exists() {
                assert_nothing_lost(&dir, &what);
                n_stopped += 1;
            }
        }
        assert!(n_stopped > 10, "{preset}: {n_stopped}");
        println!("{preset}: longest {longest:?}");
    }
}

#[test]
fn what_a_stopped_run_keeps_is_what_a_run_of_as_many_steps_makes() {
    let folder = folder();
    let words = ["run", "cnn-edge", "--out", "a", "--set", "n_steps=100000"];
    let child = eoscope(folder.path(), &words).spawn().unwrap();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    let rows = |dir: &Path| fs::read_to_string(dir.join("metrics.csv")).unwrap_or_default();
    while rows(&a).lines().count() < 4 {
        sleep(Duration::from_millis(5));
    }
    send(&child, "TERM");
    ended(child, "cnn-edge");
    let n = assert_nothing_lost(&a, "cnn-edge");
    let steps = n.to_string();
    let words = ["run", "cnn-edge", "--out", "b", "--steps", &steps];
    assert!(eoscope(folder.path(), &words).output().unwrap().status.success());
    let (a_run, b_run) = (store::load(&a).unwrap(), store::load(&b).unwrap());
    for quantity in [quantity::LOSS, quantity::SHARPNESS, quantity::GRAD_NORM] {
        let of = |run: &eoscope::history::Run| run.series(quantity).iter().collect::<Vec<_>>();
        assert_eq!(of(&a_run), of(&b_run), "{}", quantity.name());
    }
    let weights = |dir: &Path| {
        read_checkpoint(&dir.join(format!("checkpoint-{n}.safetensors"))).unwrap().tensors
    };
    assert_eq!(weights(&a), weights(&b));
}

#[test]
fn slow_steps_starts_and_searches_are_given_up() {
    let folder = folder();
    for (words, secs) in [
        (&["run", "fashion-edge", "--set", "model.hidden=[2048,1024]", "--out", "measured"][..], 2),
        (&["run", "metainit", "--set", "model.hidden=[1024,512]", "--out", "tuned"], 2),
        (
            &[
                "run",
                "fashion-edge",
                "--set",
                "model.hidden=[2500,2500]",
                "--set",
                "init.scheme=orthogonal",
                "--out",
                "drawn",
            ],
            1,
        ),
        (&["find", "fashion-edge", "--set", "model.hidden=[1024,512]", "--range"], 1),
        (&["find", "fashion-edge", "--set", "model.hidden=[1024,512]", "--rates"], 1),
    ] {
        let child = eoscope(folder.path(), words).spawn().unwrap();
        sleep(Duration::from_secs(secs));
        send(&child, "INT");
        let output = ended(child, &words.join(" "));
        assert_eq!(output.status.signal(), Some(2), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("stopped"), "{}", text(&output.stderr));
    }
    for name in ["measured", "tuned", "drawn"] {
        assert_nothing_lost(&folder.path().join(name), name);
    }
}

#[test]
fn a_sweep_that_is_stopped_within_a_step_goes_on() {
    let folder = folder();
    let study = "name = \"slow\"\nbase = \"fashion-edge\"\n[set]\nmodel.hidden = [400]\n\
                 n_steps = 2\n[[axis]]\nkey = \"live.peak_lr\"\nvalues = [0.1, 0.01]\n";
    fs::write(folder.path().join("s.toml"), study).unwrap();
    let words = ["sweep", "s.toml", "--out", "out", "--jobs", "2"];
    let child = eoscope(folder.path(), &words).spawn().unwrap();
    sleep(Duration::from_millis(300));
    send(&child, "TERM");
    let output = ended(child, "a sweep");
    assert_eq!(output.status.signal(), Some(15), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("the same command continues"));
    let output = eoscope(folder.path(), &words).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("2 finished"), "{}", text(&output.stdout));
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let folder = folder();
    let script = "trap '' HUP INT; eoscope run chebyshev-edge --steps 100000 --out r &\n\
                  sleep .5; kill -HUP $!; kill -INT $!; sleep .5; kill -0 $! && echo goes on\n\
                  kill -TERM $!; wait $!; echo $?";
    let output = shell(folder.path(), script);
    assert!(text(&output.stdout).starts_with("goes on\n"), "{}", text(&output.stdout));
    assert!(text(&output.stdout).ends_with("143\n"), "{}", text(&output.stdout));
    assert_nothing_lost(&folder.path().join("r"), "after SIGTERM");
}

#[test]
fn two_signals_at_once_are_one_stop() {
    let folder = folder();
    let words = ["run", "chebyshev-edge", "--steps", "1000000", "--out", "r"];
    let child = eoscope(folder.path(), &words).spawn().unwrap();
    sleep(Duration::from_millis(400));
    for signal in ["HUP", "TERM", "INT", "INT"] {
        let id = child.id().to_string();
        // It may have ended by the second signal.
        Command::new("kill").args([format!("-{signal}"), id]).output().unwrap();
    }
    ended(child, "twice");
    assert_nothing_lost(&folder.path().join("r"), "twice");
}

#[test]
fn pipes_that_close_end_nothing_else() {
    let folder = folder();
    let script = "eoscope presets | head -1 >/dev/null; echo ${PIPESTATUS[0]}\n\
                  eoscope --help | true; echo ${PIPESTATUS[0]}\n\
                  eoscope run chebyshev-edge --steps 50 --out r | true; echo ${PIPESTATUS[0]}\n\
                  eoscope run chebyshev-edge --steps 50 --out s 2>&- >&-; echo $?\n\
                  EOSCOPE_LOG=trace eoscope run chebyshev-edge --steps 50 --out t 2>&1 >/dev/null |\
                  true; echo ${PIPESTATUS[0]}\n";
    let output = shell(folder.path(), script);
    assert_eq!(text(&output.stdout), "0\n0\n0\n0\n0\n", "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    for run in ["r", "s", "t"] {
        assert_eq!(summary(&folder.path().join(run))["status"], "finished");
    }
}

#[test]
fn the_exit_statuses_are_in_the_help() {
    let output = eoscope(folder().path(), &["--help"]).output().unwrap();
    let help = text(&output.stdout);
    for line in ["  0  ", "  1  ", "  2  ", "  3  a merge", "129  ", "130  ", "143  "] {
        assert!(help.contains(line), "{line}: {help}");
    }
}

#[test]
fn twelve_runs_at_once_have_a_folder_each() {
    let folder = folder();
    let words = ["run", "chebyshev-edge", "--steps", "30"];
    let children: Vec<_> =
        (0..12).map(|_| eoscope(folder.path(), &words).spawn().unwrap()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let runs = names(&folder.path().join("runs"));
    assert_eq!(runs.len(), 12, "{runs:?}");
    for run in runs {
        let dir = folder.path().join("runs").join(run);
        assert_eq!(store::load(&dir).unwrap().n_steps(), 30);
    }
}

#[test]
fn of_several_runs_told_to_write_into_one_folder_one_does() {
    let folder = folder();
    fs::create_dir(folder.path().join("r")).unwrap();
    let words = ["run", "chebyshev-edge", "--steps", "30", "--out", "r"];
    let children: Vec<_> =
        (0..8).map(|_| eoscope(folder.path(), &words).spawn().unwrap()).collect();
    let codes: Vec<_> =
        children.into_iter().map(|child| child.wait_with_output().unwrap().status.code()).collect();
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == Some(2)).count(), 7, "{codes:?}");
    assert_eq!(store::load(&folder.path().join("r")).unwrap().n_steps(), 30);
}

#[test]
fn a_figure_is_replaced_whole_or_not_at_all() {
    let folder = folder();
    let script = "eoscope run chebyshev-edge --steps 50 --out r >/dev/null\n\
                  eoscope plot r --out fig.png >/dev/null; cp fig.png before.png\n\
                  ulimit -f 40\n\
                  eoscope plot r --out fig.png --force --size 3200x1800 --dpi 300; echo $?\n\
                  eoscope plot r --out new.png --size 3200x1800 --dpi 300; echo $?\n";
    let output = shell(folder.path(), script);
    assert_eq!(text(&output.stdout), "1\n1\n");
    assert_eq!(text(&output.stderr).matches("cannot write").count(), 2);
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("fig.png") == read("before.png"));
    assert_eq!(names(folder.path()), ["before.png", "fig.png", "r"]);
}

#[test]
fn a_figure_over_a_pipe_or_a_link_leaves_both_what_they_are() {
    let folder = folder();
    let long = format!("{}.png", "n".repeat(250));
    let script = format!(
        "eoscope run chebyshev-edge --steps 20 --out r >/dev/null\n\
         mkfifo pipe; cat pipe >got & ln -s pipe pipe.png\n\
         ln -s there.png link.png; touch there.png\n\
         for f in pipe.png link.png {long}; do eoscope plot r --out $f --force >/dev/null; done\n\
         wait; [ -p pipe ] && [ -s got ] && [ -L pipe.png ] && [ -L link.png ] && [ -s there.png ] && \
         [ -s {long} ] && echo whole; ln -s nowhere gone; eoscope run blowup --out gone; echo $?"
    );
    let output = shell(folder.path(), &script);
    assert_eq!(text(&output.stdout), "whole\n2\n", "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("a link to a folder"), "{}", text(&output.stderr));
}

#[test]
fn a_disk_that_takes_no_more_ends_a_run_as_failed_and_says_why() {
    let folder = folder();
    let script = "ulimit -f 200\n\
                  eoscope run fashion-edge --steps 1 --set task.n_train=20 \
                  --set model.hidden=[300] --out weights; echo $?\n\
                  eoscope run catapult-model --steps 20000 --out rows; echo $?\n";
    let output = shell(folder.path(), script);
    assert_eq!(text(&output.stdout), "1\n1\n");
    for (name, file) in [("weights", "checkpoint-1.safetensors"), ("rows", "metrics.csv")] {
        let dir = folder.path().join(name);
        let summary = summary(&dir);
        assert_eq!(
            (&summary["status"], &summary["is_incomplete"]),
            (&"failed".into(), &true.into())
        );
        assert!(summary["message"].as_str().unwrap().contains(file), "{summary}");
        assert!(names(&dir).iter().all(|name| !name.contains(".part")), "{:?}", names(&dir));
        let rows = fs::read_to_string(dir.join("metrics.csv")).unwrap();
        assert!(rows.ends_with('\n') && rows.lines().count() > 1, "{name}: a torn row");
        let n_steps = usize::try_from(summary["n_steps"].as_u64().unwrap()).unwrap();
        assert_eq!(rows.lines().count(), n_steps + 1, "{name}");
    }
}

#[test]
fn rows_that_are_gone_at_the_end_are_noticed() {
    for (damage, what) in [
        ("rm r/metrics.csv", "metrics.csv"),
        (": > r/metrics.csv", "metrics.csv"),
        ("head -c 2000 r/metrics.csv > x; mv x r/metrics.csv", "metrics.csv"),
        ("rm r/events.jsonl", "events.jsonl"),
    ] {
        let folder = folder();
        let script = format!(
            "eoscope run catapult-model --steps 1000000 --out r & sleep .6; {damage}; sleep .2\n\
             kill -TERM $!; wait $!; echo $?"
        );
        let output = shell(folder.path(), &script);
        assert_eq!(text(&output.stdout), "1\n", "{damage}");
        let said = text(&output.stderr);
        assert!(said.contains(what) && said.contains("another program"), "{damage}: {said}");
        assert_eq!(summary(&folder.path().join("r"))["status"], "failed", "{damage}");
        if damage.starts_with(": >") {
            let rows = fs::read(folder.path().join("r/metrics.csv")).unwrap();
            assert!(!rows.contains(&0), "a gap of zeros");
        }
    }
}

/// The standard streams, the rows and the events are five files.
#[test]
fn a_program_that_may_open_no_more_files_says_so_and_ends_its_run_as_failed() {
    let folder = folder();
    let script = "(ulimit -n 5; eoscope run chebyshev-edge --steps 10 --out f); echo $?";
    let output = shell(folder.path(), script);
    let said = text(&output.stderr);
    assert_eq!(text(&output.stdout), "1\n", "{said}");
    assert!(said.contains("Too many open files") && !said.contains("another program"), "{said}");
    let summary = summary(&folder.path().join("f"));
    assert_eq!((&summary["status"], &summary["n_steps"]), (&"failed".into(), &10.into()), "{said}");
}

#[test]
fn a_configuration_that_is_removed_during_a_run_is_there_again_at_its_end() {
    let folder = folder();
    let script = "eoscope run catapult-model --steps 1000000 --out r & sleep .6\n\
                  rm r/config.toml r/summary.json; sleep .2; kill -TERM $!; wait $!; echo $?";
    let output = shell(folder.path(), script);
    assert!(text(&output.stdout).ends_with("143\n"), "{}", text(&output.stderr));
    assert_nothing_lost(&folder.path().join("r"), "without its configuration");
}

#[test]
fn a_configuration_that_is_replaced_during_a_run_is_kept_beside_that_of_the_run() {
    let folder = folder();
    let script = "eoscope run catapult-model --steps 1000000 --out r & sleep .6\n\
                  rm r/config.toml; echo 'name = \"zz\"' > r/config.toml\n\
                  sleep .2; kill -TERM $!; wait $!; echo $?";
    let output = shell(folder.path(), script);
    let said = text(&output.stderr);
    assert!(text(&output.stdout).ends_with("143\n"), "{said}");
    assert_eq!(said.matches("config.foreign-1.toml").count(), 1, "{said}");
    let dir = folder.path().join("r");
    assert_nothing_lost(&dir, "with a foreign configuration");
    let name = |file: &str| store::read_config(&dir.join(file)).unwrap().name;
    assert_eq!(
        ["config.toml", "config.foreign-1.toml"].map(name),
        ["catapult-model".to_owned(), "zz".to_owned()]
    );
}

/// Only Linux reports the path of an open file.
#[cfg(target_os = "linux")]
#[test]
fn a_run_whose_folder_is_moved_ends_in_it_and_leaves_another_of_the_old_name_alone() {
    for after in ["", "; mkdir r; touch r/mine"] {
        let folder = folder();
        let script = format!(
            "eoscope run catapult-model --steps 1000000 --out r & sleep .6; mv r moved{after}\n\
             sleep .2; kill -TERM $!; wait $!; echo $?"
        );
        let output = shell(folder.path(), &script);
        let said = text(&output.stderr);
        assert!(text(&output.stdout).ends_with("143\n"), "{said}");
        let moved = folder.path().join("moved");
        let summary = summary(&moved);
        assert_eq!(summary["status"], "stopped", "{said}");
        let n_rows = fs::read_to_string(moved.join("metrics.csv")).unwrap().lines().count();
        assert_eq!(summary["n_steps"].as_u64(), Some(n_rows as u64 - 1));
        assert!(names(&moved).iter().any(|name| name.ends_with(".safetensors")), "{said}");
        assert!(said.contains("moved"), "{said}");
        let old = folder.path().join("r");
        assert!(!old.exists() || names(&old) == ["mine"], "{:?}", names(&old));
    }
}
