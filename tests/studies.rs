//! The studies that ship with the program: conclusions from their committed tables, and a few runs
//! repeated here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

use std::collections::BTreeMap;

use eoscope::net::never;
use eoscope::protocol::EndKind;
use eoscope::quantity;
use eoscope::report::{Report, Spec};
use eoscope::runner;
use eoscope::study::{CATALOGUE, CatalogueStudy, Row, RowStatus, Table};

fn known(name: &str) -> &'static CatalogueStudy {
    CATALOGUE.iter().find(|known| known.name == name).unwrap()
}

fn table(name: &str) -> Table {
    Table::from_csv(known(name).csv).unwrap()
}

/// Values of a column by the point of an axis.
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
    for known in CATALOGUE {
        let (study, table) = (known.study().unwrap(), Table::from_csv(known.csv).unwrap());
        assert_eq!(study.name, known.name);
        assert!(study.sees.ends_with('.') || study.sees.ends_with(')'), "{}", study.sees);
        let tasks = study.tasks().unwrap();
        assert_eq!(table.rows.len(), tasks.len(), "{}", known.name);
        for (row, task) in table.rows.iter().zip(&tasks) {
            assert_eq!((row.task, &row.point), (task.index, &task.point), "{}", known.name);
            assert!(
                matches!(row.status, RowStatus::Ended(EndKind::Finished | EndKind::DIVERGED)),
                "{row:?}"
            );
        }
        let spec = Spec::read(known.toml, &study).unwrap();
        assert!(!spec.figures.is_empty() && !spec.tables.is_empty(), "{}", known.name);
        let report = Report::of(&study, &table, &spec, &|_| None).unwrap();
        let page = report.page(&study, &table).unwrap();
        assert_eq!(page.matches("<figure>").count(), spec.figures.len());
        assert!(!report.texts().unwrap().is_empty());
    }
}

/// The shortest run of each study, repeated. Rounding differs between machines, so only the start of a
/// chaotic run agrees.
#[test]
fn a_run_of_every_study_starts_as_its_table_says() {
    for known in CATALOGUE {
        let (study, table) = (known.study().unwrap(), Table::from_csv(known.csv).unwrap());
        let row: &Row = table
            .rows
            .iter()
            .filter(|row| row.number("first_sharpness").is_some())
            .min_by(|a, b| a.number("steps_taken").partial_cmp(&b.number("steps_taken")).unwrap())
            .unwrap();
        let mut config = study.tasks().unwrap()[row.task].config.clone().unwrap();
        config.n_steps = 2;
        let mut history = eoscope::history::Run::new(eoscope::protocol::RunId(0), config.clone());
        runner::run(&config, 1, &never, &mut |event| {
            history.apply(event);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        for (column, series) in
            [("first_loss", quantity::LOSS), ("first_sharpness", quantity::SHARPNESS)]
        {
            let (_, found) = history.series(series).first().unwrap();
            let wanted = row.number(column).unwrap();
            let error = (found - wanted).abs() / wanted.abs();
            assert!(error < 1e-2, "{} {column}: {found}, in the table {wanted}", known.name);
        }
    }
}

/// Rows of a summary table of a study, by header.
fn shown(name: &str, table: &str) -> Vec<BTreeMap<String, String>> {
    let known = known(name);
    let (study, rows) = (known.study().unwrap(), Table::from_csv(known.csv).unwrap());
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

/// The claim of arXiv 2110.04369, as far as these networks support it.
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
        // Within one grid step, a factor of 2.
        assert!(2.0 * reach("warmup") >= best, "{pair}: {} {best}", reach("warmup"));
    }
    let known = known("claim");
    let (study, rows) = (known.study().unwrap(), Table::from_csv(known.csv).unwrap());
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
                let n = table
                    .rows_at(&at)
                    .filter(|row| row.status == RowStatus::Ended(EndKind::Finished))
                    .count();
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
        // Some larger rates diverge.
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
        let has_diverged = row.status == RowStatus::Ended(EndKind::DIVERGED);
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
