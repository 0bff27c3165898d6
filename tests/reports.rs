//! Reports of user studies; `tests/studies.rs` covers the studies that ship with the program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use eoscope::net::never;
use eoscope::report::{Report, Spec};
use eoscope::runner;
use eoscope::study::{CATALOGUE, Row, Study, Table, built_in};

/// Three cases, and rates at which one of two seeds diverges.
#[test]
fn an_axis_of_words_is_drawn_with_all_its_points_and_a_course_ends_where_a_seed_does() {
    let text = "name = \"w\"\nbase = \"chebyshev-edge\"\nseeds = [1, 2]\nset = { n_steps = 100 }\n\
        [[axis]]\nname = \"clip\"\ncase = [{ name = \"none\" }, { name = \"1\" }, { name = \"tight\" }]\n\
        [[axis]]\nkey = \"live.peak_lr\"\nvalues = [0.1, 0.2]\n\
        [[figure]]\nname = \"p\"\nkind = \"phase\"\nx = \"live.peak_lr\"\ny = \"clip\"\n\
        [[figure]]\nname = \"c\"\nkind = \"course\"\ny = \"loss\"\nby = \"clip\"\n";
    let study = Study::from_toml(text, &built_in).unwrap();
    let header = CATALOGUE[1].csv.lines().next().unwrap();
    let header = header.replace("warmup steps T,live.peak_lr", "clip,live.peak_lr");
    let n_columns = header.split(',').count();
    let tasks = study.tasks().unwrap();
    let rows = tasks.iter().map(|task| {
        let cells = [vec![task.index.to_string()], task.point.clone(), vec!["finished".to_owned()]];
        let cells = cells.concat();
        format!("{}{}\n", cells.join(","), ",".repeat(n_columns - cells.len()))
    });
    let table = Table::from_csv(&format!("{header}\n{}", rows.collect::<String>())).unwrap();
    let spec = Spec::read(text, &study).unwrap();
    // The runs of the second seed end at step 40.
    let find = |row: &Row| {
        let config = tasks[row.task].config.clone().unwrap();
        let n = if row.point[2] == "2" { 40 } else { 100 };
        let mut history = eoscope::history::Run::new(eoscope::protocol::RunId(0), config.clone());
        let config = eoscope::config::RunConfig { n_steps: n, ..config };
        let told = &mut |event: &_| {
            history.apply(event);
            std::ops::ControlFlow::Continue(())
        };
        runner::run(&config, 1, &never, told).unwrap();
        Some(history)
    };
    let report = Report::of(&study, &table, &spec, &find).unwrap();
    let [(_, phases), (_, course)] = report.figures.as_slice() else { panic!() };
    assert_eq!(phases.charts[0].ranges()[1], [-0.5, 2.5]);
    let labels = phases.charts[0].y.ticks([-0.5, 2.5], 9);
    assert!(labels.iter().map(|tick| tick.label.as_str()).eq(["none", "1", "tight"]));
    for layer in &course.charts[0].layers {
        let eoscope::figure::chart::Layer::Curve(curve) = layer else { panic!() };
        assert_eq!(curve.points.last().unwrap()[0], 39.0, "{}", curve.name);
    }
}

/// 2 rates × 2 methods × 2 seeds, with every kind of figure.
const OWN: &str = r#"
name = "my own"
sees = "Something <of> \"mine\"."
base = "chebyshev-edge"
set = { n_steps = 40, live.probe.every = 5 }
seeds = [1, 2]

[[axis]]
name = "method"
case = [{ name = "plain" }, { name = "warmup", set = { live.warmup.steps = 10 } }]

[[axis]]
name = "factor"
key = "live.peak_lr"
times = [0.5, 500]

[[figure]]
name = "phases"
kind = "phase"
x = "factor"
y = "seed"
beside = "method"

[[figure]]
name = "points"
kind = "scatter"
x = "peak_lr"
ys = ["first_sharpness", "half_sharpness"]
limit = true

[[figure]]
name = "curves"
kind = "curves"
x = "peak_lr"
y = "final_loss"
by = "method"

[[figure]]
name = "course"
kind = "course"
y = "sharpness_ratio"
by = "method"
at = { factor = "0.5" }
level = 1
title = "Over steps"

[[table]]
name = "methods"
rows = ["method"]
over = "peak_lr"

[claim]
by = "method"
plain = "plain"
method = "warmup"
rivals = ["plain"]
over = "peak_lr"
"#;

/// Exit status and both outputs of eoscope, run in a folder that is its user's home as well.
fn eoscope(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_eoscope"))
        .current_dir(folder)
        .args(words)
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let [out, err] = [done.stdout, done.stderr].map(|text| String::from_utf8(text).unwrap());
    (done.status.code(), out, err)
}

#[test]
fn a_study_of_one_s_own_is_run_and_drawn_and_drawn_again_without_running() {
    let folder = tempfile::tempdir().unwrap();
    let eoscope = |words: &[&str]| eoscope(folder.path(), words);
    fs::write(folder.path().join("own.toml"), OWN).unwrap();
    let (code, out, err) = eoscope(&["study", "own.toml"]);
    assert_eq!(code, Some(0), "{err}");
    for words in
        ["| method |", "plain trains at none of the rates; the same", "my own: 8 tasks done"]
    {
        assert!(out.contains(words), "{words}: {out}");
    }
    let dir = folder.path().join("studies/my-own");
    let files =
        ["phases.svg", "points.png", "curves.svg", "course.png", "methods.csv", "methods.md"];
    for file in files.into_iter().chain(["methods.tex", "results.csv", "study.toml"]) {
        assert!(fs::metadata(dir.join(file)).unwrap().len() > 100, "{file}");
    }
    let page = fs::read_to_string(dir.join("report.html")).unwrap();
    assert!(page.contains("Something &lt;of&gt;") && page.contains("alt=\"Over steps\""));
    let course = fs::read_to_string(dir.join("course.svg")).unwrap();
    assert!(
        course.contains(">warmup<") && course.contains("sharpness ratio λ₁η/limit"),
        "{course}"
    );

    // Editing the report part of the study runs nothing again.
    let before = fs::metadata(dir.join("runs/000_plain_0-5_1/summary.json")).unwrap();
    fs::write(folder.path().join("own.toml"), OWN.replace("Over steps", "Anew")).unwrap();
    let (code, _, err) = eoscope(&["study", "own.toml", "--out", "studies/my-own"]);
    assert_eq!(code, Some(0), "{err}");
    let after = fs::metadata(dir.join("runs/000_plain_0-5_1/summary.json")).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
    assert!(fs::read_to_string(dir.join("course.svg")).unwrap().contains("Anew"));

    // What cannot be written is named, and the others are.
    for file in ["course.svg", "methods.csv"] {
        fs::remove_file(dir.join(file)).unwrap();
        fs::create_dir(dir.join(file)).unwrap();
    }
    for file in ["phases.svg", "curves.png", "methods.tex", "report.html"] {
        fs::remove_file(dir.join(file)).unwrap();
    }
    let (code, out, err) = eoscope(&["study", "own.toml"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("course.svg") && err.contains("methods.csv"), "{err}");
    assert!(err.contains("2 files of the report could not be written"), "{err}");
    assert!(out.contains("my own: 8 tasks done"), "{out}");
    for file in ["phases.svg", "curves.png", "methods.tex", "report.html"] {
        assert!(dir.join(file).is_file(), "{file}");
    }

    let (code, _, err) = eoscope(&["study", "clam"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("did you mean `claim`") && err.lines().count() == 1, "{err}");
    let (_, out, _) = eoscope(&["studies"]);
    assert!(CATALOGUE.iter().all(|known| out.contains(known.name)), "{out}");
}
