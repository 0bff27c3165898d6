//! Signals at any moment: a run ends soon and loses nothing.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use eoscope::quantity;
use eoscope::store::{self, read_checkpoint};

use crate::program::eoscope;
use crate::{assert_nothing_lost, ended, folder, send, shell, text};

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
fn the_exit_statuses_are_in_the_help() {
    let output = eoscope(folder().path(), &["--help"]).output().unwrap();
    let help = text(&output.stdout);
    for line in ["  0  ", "  1  ", "  2  ", "  3  a merge", "129  ", "130  ", "143  "] {
        assert!(help.contains(line), "{line}: {help}");
    }
}
