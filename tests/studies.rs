//! The studies that come with the program: what their tables say, and that they can be made again.
//! Tables are those committed beside them; a few of their runs are made again here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use eoscope::config::preset;
use eoscope::report::{Report, Spec};
use eoscope::runner;
use eoscope::study::{KNOWN, Known, Row, RowStatus, Study, Table};

fn study(text: &str) -> Study {
    let base = |name: &str| {
        preset(name).map(|preset| preset.config.clone()).map_err(|error| error.to_string())
    };
    Study::from_toml(text, &base).unwrap()
}

fn known(name: &str) -> &'static Known {
    KNOWN.iter().find(|known| known.name == name).unwrap()
}

fn table(name: &str) -> Table {
    Table::from_csv(known(name).csv).unwrap()
}

/// The numbers of a column by the point of an axis.
fn by(table: &Table, axis: &str, column: &str) -> BTreeMap<String, Vec<f64>> {
    let axis = table.axis(axis).unwrap();
    let mut found: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in &table.rows {
        found.entry(row.point[axis].clone()).or_default().extend(row.number(column));
    }
    found
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn every_study_has_a_table_of_all_its_runs_and_everything_it_asks_for_can_be_drawn() {
    for known in KNOWN {
        let (study, table) = (study(known.toml), Table::from_csv(known.csv).unwrap());
        assert_eq!(study.name, known.name);
        assert!(study.sees.ends_with('.') || study.sees.ends_with(')'), "{}", study.sees);
        let tasks = study.tasks().unwrap();
        assert_eq!(table.rows.len(), tasks.len(), "{}", known.name);
        for (row, task) in table.rows.iter().zip(&tasks) {
            assert_eq!((row.task, &row.point), (task.index, &task.point), "{}", known.name);
            assert!(matches!(row.status, RowStatus::Finished | RowStatus::Diverged), "{row:?}");
        }
        let spec = Spec::read(known.toml, &study).unwrap();
        assert!(!spec.figures.is_empty() && !spec.tables.is_empty(), "{}", known.name);
        let report = Report::of(&study, &table, &spec, &|_| None).unwrap();
        let page = report.page(&study, &table).unwrap();
        assert_eq!(page.matches("<figure>").count(), spec.figures.len());
        assert!(!report.texts().unwrap().is_empty());
    }
}

/// One run of each study, the shortest, made again: another machine rounds otherwise, and what is
/// chaotic then differs in the end, but not at the start.
#[test]
fn a_run_of_every_study_starts_as_its_table_says() {
    for known in KNOWN {
        let (study, table) = (study(known.toml), Table::from_csv(known.csv).unwrap());
        let row: &Row = table
            .rows
            .iter()
            .filter(|row| row.number("first_sharpness").is_some())
            .min_by(|a, b| a.number("steps_taken").partial_cmp(&b.number("steps_taken")).unwrap())
            .unwrap();
        let mut config = study.tasks().unwrap()[row.task].config.clone().unwrap();
        config.n_steps = 2;
        let mut history = eoscope::history::Run::new(eoscope::protocol::RunId(0), config.clone());
        runner::run(&config, 1, &mut |event| {
            history.apply(event);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        for (column, series) in [("first_loss", "loss"), ("first_sharpness", "sharpness")] {
            let (_, found) = history.series(series).first().unwrap();
            let wanted = row.number(column).unwrap();
            let error = (found - wanted).abs() / wanted.abs();
            assert!(error < 1e-2, "{} {column}: {found}, in the table {wanted}", known.name);
        }
    }
}

/// The lines of a table that a study shows, by header.
fn shown(name: &str, table: &str) -> Vec<BTreeMap<String, String>> {
    let known = known(name);
    let (study, rows) = (study(known.toml), Table::from_csv(known.csv).unwrap());
    let spec = Spec::read(known.toml, &study).unwrap();
    let report = Report::of(&study, &rows, &spec, &|_| None).unwrap();
    let (_, lines) = report.tables.iter().find(|(spec, _)| spec.name == table).unwrap();
    let text = lines.csv().unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let line = |record: csv::StringRecord| {
        headers.iter().zip(record.iter()).map(|(h, cell)| (h.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| line(record.unwrap())).collect()
}

fn number(line: &BTreeMap<String, String>, header: &str) -> f64 {
    line[header].parse().unwrap_or(0.0)
}

/// The claim of arXiv 2110.04369, as far as these networks bear it out.
#[test]
fn warmup_alone_trains_as_far_as_the_best_of_norms_and_initializations() {
    let methods = shown("claim", "methods");
    let pairs: Vec<&String> = methods.iter().map(|line| &line["pair"]).collect();
    let n_pairs = pairs.iter().collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!((methods.len(), n_pairs), (16, 2));
    for pair in [pairs[0], pairs[15]] {
        let reach = |method: &str| {
            let is_it = |line: &&BTreeMap<_, _>| line["pair"] == *pair && line["method"] == method;
            number(methods.iter().find(is_it).unwrap(), "largest trainable η")
        };
        let rivals = ["batch norm", "layer norm", "MetaInit", "GradInit", "Fixup"].map(reach);
        let best = rivals.iter().copied().fold(0.0, f64::max);
        assert!(rivals.iter().all(|rate| *rate >= reach("plain")), "{pair}: {rivals:?}");
        assert!(reach("warmup") >= 4.0 * reach("plain"), "{pair}");
        // Within one step of the grid, whose rates double.
        assert!(2.0 * reach("warmup") >= best, "{pair}: {} {best}", reach("warmup"));
    }
    let known = known("claim");
    let (study, rows) = (study(known.toml), Table::from_csv(known.csv).unwrap());
    let spec = Spec::read(known.toml, &study).unwrap();
    let claim = Report::of(&study, &rows, &spec, &|_| None).unwrap().claim;
    assert_eq!(claim.len(), 2);
    assert!(claim[0].contains("plain trains is 0.1, the smallest of all."), "{}", claim[0]);
    assert!(claim.iter().all(|text| text.contains("warmup trains up to")), "{claim:?}");
}

/// E12.
#[test]
fn the_edge_of_what_survives_never_falls_back_by_more_than_a_grid_step() {
    let table = table("warmup");
    let [warmup, rate] = ["warmup steps T", "live.peak_lr"].map(|axis| table.axis(axis).unwrap());
    let rates = table.points(rate);
    let edges: Vec<usize> = table
        .points(warmup)
        .into_iter()
        .map(|steps| {
            let survives = |rate_text: &&str| {
                let at = [(warmup, steps), (rate, *rate_text)];
                let n = table.rows_at(&at).filter(|row| row.status == RowStatus::Finished).count();
                2 * n > table.rows_at(&at).count()
            };
            rates.iter().rposition(survives).unwrap()
        })
        .collect();
    assert!(edges.windows(2).all(|pair| pair[1] + 1 >= pair[0]), "{edges:?}");
    assert!(edges[5] > edges[0] && edges.len() == 7, "{edges:?}");
}

/// E4, E8, E9.
#[test]
fn every_optimizer_comes_to_rest_near_its_own_limit() {
    let table = table("plateau");
    for (optimizer, ratios) in by(&table, "optimizer", "late_ratio") {
        // Some of the larger rates diverge.
        let rest = mean(&ratios);
        assert!(ratios.len() >= 7, "{optimizer}: {}", ratios.len());
        assert!((0.88..1.1).contains(&rest), "{optimizer}: {rest}");
    }
    let products = by(&table, "optimizer", "late_product");
    for (optimizer, limit) in [
        ("gradient descent", 2.0),
        ("heavy ball .5", 3.0),
        ("EMA .5", 6.0),
        ("Nesterov .5", 1.5),
        ("RMSProp", 2.0),
        ("Adam", 38.0),
    ] {
        let found = mean(&products[optimizer]);
        assert!((found / limit - 1.0).abs() < 0.1, "{optimizer}: {found}");
    }
}

#[test]
fn what_starts_far_above_the_line_diverges_and_the_band_of_scales_narrows_with_depth() {
    let table = table("init-scale");
    for row in &table.rows {
        let ratio = row.number("first_ratio").unwrap();
        let has_diverged = row.status == RowStatus::Diverged;
        assert!(!has_diverged || ratio > 1.8, "{row:?}");
        assert!(has_diverged || ratio < 3.0, "{row:?}");
    }
    let [depth, scale] = ["hidden layers", "init.scale"].map(|axis| table.axis(axis).unwrap());
    let first = |layers, scale_text| {
        let rows = table.rows_at(&[(depth, layers), (scale, scale_text)]).collect::<Vec<_>>();
        mean(&rows.iter().map(|row| row.number("first_sharpness").unwrap()).collect::<Vec<_>>())
    };
    let steepness: Vec<f64> =
        table.points(depth).into_iter().map(|n| first(n, "5.6") / first(n, "1.4")).collect();
    assert!(steepness.windows(2).all(|pair| pair[1] > pair[0]), "{steepness:?}");
    let n_trained =
        |layers| table.rows_at(&[(depth, layers)]).filter(|row| row.is_trained()).count();
    assert!(n_trained("8") < n_trained("4"), "{} {}", n_trained("8"), n_trained("4"));
}

/// E16.
#[test]
fn smaller_batches_rest_lower_and_batch_sharpness_is_near_the_line() {
    let table = table("batch-size");
    let ratios = by(&table, "optimizer.batch", "late_ratio");
    let rest = |batch: &str| mean(&ratios[batch]);
    assert!((0.92..=1.0).contains(&rest("15")), "{}", rest("15"));
    assert!((0.83..=0.99).contains(&rest("10")), "{}", rest("10"));
    let all = ["5", "8", "10", "15", "20"].map(rest);
    assert!(all.is_sorted(), "{all:?}");
    let products = by(&table, "optimizer.batch", "late_batch_product");
    for batch in ["10", "15"] {
        let found = mean(&products[batch]);
        assert!((1.6..=2.05).contains(&found), "batches of {batch}: {found}");
    }
}

/// E17.
#[test]
fn cdat_below_2_settles_and_at_2_it_does_not() {
    let table = table("cdat");
    let products = by(&table, "live.rate.sigma", "late_product");
    let rising = by(&table, "live.rate.sigma", "late_rising");
    assert!((mean(&products["1.5"]) - 2.0).abs() < 0.02, "{:?}", products["1.5"]);
    assert_eq!(mean(&rising["1.5"]), 0.0);
    assert!((2.0..2.8).contains(&mean(&products["2"])), "{:?}", products["2"]);
    assert!(mean(&rising["2"]) > 0.3, "{:?}", rising["2"]);
}

/// E19.
#[test]
fn sharpness_stays_at_the_line_under_mse_and_falls_late_under_cross_entropy() {
    let table = table("loss");
    let [loss, rate] = ["loss", "live.peak_lr"].map(|axis| table.axis(axis).unwrap());
    let at = |loss_text, rate_text, column: &str| {
        let rows = table.rows_at(&[(loss, loss_text), (rate, rate_text)]).collect::<Vec<_>>();
        mean(&rows.iter().map(|row| row.number(column).unwrap()).collect::<Vec<_>>())
    };
    for rate in ["0.05", "0.1", "0.2", "0.4"] {
        let rest = at("mse", rate, "late_ratio");
        assert!((0.95..1.1).contains(&rest), "mse, η = {rate}: {rest}");
    }
    assert!(at("cross-entropy", "0.4", "max_ratio") > 1.0);
    assert!(at("cross-entropy", "0.4", "late_ratio") < 0.3);
    assert!(at("cross-entropy", "0.4", "final_accuracy") > 0.999);
}

/// Three cases, of which two are called by words, and rates that blow one of two seeds up.
#[test]
fn an_axis_of_words_is_drawn_with_all_its_points_and_a_course_ends_where_a_seed_does() {
    let text = "name = \"w\"\nbase = \"chebyshev-edge\"\nseeds = [1, 2]\nset = { n_steps = 100 }\n\
        [[axis]]\nname = \"clip\"\ncase = [{ name = \"none\" }, { name = \"1\" }, { name = \"tight\" }]\n\
        [[axis]]\nkey = \"live.peak_lr\"\nvalues = [0.1, 0.2]\n\
        [[figure]]\nname = \"p\"\nkind = \"phase\"\nx = \"live.peak_lr\"\ny = \"clip\"\n\
        [[figure]]\nname = \"c\"\nkind = \"course\"\ny = \"loss\"\nby = \"clip\"\n";
    let study = study(text);
    let header = known("warmup").csv.lines().next().unwrap();
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
    // The second seed's runs end at step 40.
    let find = |row: &Row| {
        let config = tasks[row.task].config.clone().unwrap();
        let n = if row.point[2] == "2" { 40 } else { 100 };
        let mut history = eoscope::history::Run::new(eoscope::protocol::RunId(0), config.clone());
        let config = eoscope::config::RunConfig { n_steps: n, ..config };
        let told = &mut |event: &_| {
            history.apply(event);
            std::ops::ControlFlow::Continue(())
        };
        runner::run(&config, 1, told).unwrap();
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

/// 2 rates × 2 methods × 2 seeds with every kind of figure.
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

#[test]
fn a_study_of_one_s_own_is_run_and_drawn_and_drawn_again_without_running() {
    let folder = tempfile::tempdir().unwrap();
    let eoscope = |words: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_eoscope"))
            .current_dir(folder.path())
            .args(words)
            .env("HOME", folder.path())
            .env("XDG_CONFIG_HOME", folder.path().join("config"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let [out, err] = [done.stdout, done.stderr].map(|text| String::from_utf8(text).unwrap());
        (done.status.code(), out, err)
    };
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

    // What is shown may change: nothing is run again.
    let before = fs::metadata(dir.join("runs/000_plain_0-5_1/summary.json")).unwrap();
    fs::write(folder.path().join("own.toml"), OWN.replace("Over steps", "Anew")).unwrap();
    let (code, _, err) = eoscope(&["study", "own.toml", "--out", "studies/my-own"]);
    assert_eq!(code, Some(0), "{err}");
    let after = fs::metadata(dir.join("runs/000_plain_0-5_1/summary.json")).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
    assert!(fs::read_to_string(dir.join("course.svg")).unwrap().contains("Anew"));

    let (code, _, err) = eoscope(&["study", "clam"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("did you mean `claim`") && err.lines().count() == 1, "{err}");
    let (_, out, _) = eoscope(&["studies"]);
    assert!(KNOWN.iter().all(|known| out.contains(known.name)), "{out}");
}
