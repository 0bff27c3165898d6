//! The table of results: its rows, the same at any number of jobs, with failures and what a study finds.

use eoscope::protocol::EndKind;
use eoscope::store;
use eoscope::study::RowStatus;

use crate::{GRID, folder, options, study, swept, without_times};

#[test]
fn a_grid_becomes_a_table_with_a_row_and_a_run_folder_for_every_point() {
    let folder = folder();
    let (swept, n_begun) = swept(&study(GRID), folder.path(), options("1/1", 2)).unwrap();
    let table = &swept.table;
    assert_eq!((table.rows.len(), swept.n_tasks, n_begun), (12, 12, 12));
    assert_eq!(table.axes, ["live.peak_lr", "method", "seed"]);
    assert_eq!(table.points(0), ["0.05", "0.2", "50"]);
    assert!(table.rows.iter().enumerate().all(|(at, row)| row.task == at));
    for row in &table.rows {
        let number = |name: &str| row.number(name);
        let steps = number("steps_taken").unwrap();
        assert!(number("first_loss").unwrap() > 0.0 && row.wall_secs.unwrap() > 0.0);
        assert!(number("first_sharpness").unwrap() > 0.0);
        if row.point[0] == "50" && row.point[1] == "plain" {
            assert_eq!(row.status, RowStatus::Ended(EndKind::DIVERGED), "{row:?}");
            assert!(steps < 30.0 && row.reason.contains("the loss went from"), "{row:?}");
            assert_eq!(number("trained"), Some(0.0));
        }
        if row.point[0] == "0.05" {
            assert_eq!((row.status, steps), (RowStatus::Ended(EndKind::Finished), 30.0));
            assert!(number("final_loss").unwrap() < number("first_loss").unwrap());
            assert!(number("half_sharpness").is_some() && number("max_ratio").is_some());
        }
    }
    // The table agrees with the run folder.
    let row = &table.rows[2];
    let dir = study(GRID).tasks().unwrap()[2].dir.clone();
    let run = store::load(&folder.path().join("runs").join(dir)).unwrap();
    assert_eq!(run.initial_config().live.warmup.steps, 10);
    assert_eq!(
        row.number("final_loss"),
        run.series(eoscope::quantity::LOSS).last().map(|(_, loss)| loss)
    );
    let at_10 =
        run.series(eoscope::quantity::SHARPNESS).iter().find(|(step, _)| *step == 10).unwrap().1;
    let at_15 =
        run.series(eoscope::quantity::SHARPNESS).iter().find(|(step, _)| *step == 15).unwrap().1;
    assert_eq!(row.number("warmup_sharpness"), Some(at_10));
    assert_eq!(row.number("half_sharpness"), Some(at_15));
    assert!(folder.path().join("results.csv").is_file());
}

#[test]
fn one_job_and_four_make_the_same_table() {
    let (one, four) = (folder(), folder());
    let one = swept(&study(GRID), one.path(), options("1/1", 1)).unwrap().0;
    let four = swept(&study(GRID), four.path(), options("1/1", 4)).unwrap().0;
    assert_eq!(without_times(&one.path), without_times(&four.path));
    assert_eq!(one.table, four.table);
}

#[test]
fn what_cannot_be_and_what_fails_are_rows_with_their_reasons() {
    let folder = folder();
    let text = r#"
name = "odd"
base = "chebyshev-edge"
set = { n_steps = 3 }
[[axis]]
name = "case"
case = [
    { name = "fine" },
    { name = "refused", set = { loss = "cross-entropy" } },
    { name = "failed", set = { model.hidden = [4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096] } },
]
"#;
    let study = study(text);
    for n_wanted in [2, 0] {
        let (swept, n_begun) = swept(&study, folder.path(), options("1/1", 2)).unwrap();
        assert_eq!(n_begun, n_wanted, "what is refused is not run, what failed not again");
        let rows: Vec<_> = swept.table.rows.iter().map(|row| (row.status, &row.reason)).collect();
        assert_eq!(rows[0].0, RowStatus::Ended(EndKind::Finished));
        assert!(rows[1].0 == RowStatus::Refused && rows[1].1.contains("regression"), "{rows:?}");
        assert!(
            rows[2].0 == RowStatus::Ended(EndKind::FAILED) && rows[2].1.contains("parameters"),
            "{rows:?}"
        );
        assert!(swept.table.rows[1].number("trained").is_none());
    }
}

/// Experiment E12 on the network of E11: warmup, then 1,000 steps at the full rate.
#[test]
fn a_longer_warmup_survives_larger_peak_rates() {
    let case = |steps: u64| {
        let n_steps = steps + 1000;
        format!(
            "{{ name = \"{steps}\", set = {{ live.warmup.steps = {steps}, n_steps = {n_steps} }} }}"
        )
    };
    let text = format!(
        "name = \"e12\"\nbase = \"chebyshev-edge\"\nseeds = [1, 2]\n\
         set = {{ init.output_scale = 5, live.eval_every = \"off\", live.probe = {{ every = \"off\", \
         min_every = \"off\", audit_every = \"off\" }} }}\n\
         [[axis]]\nname = \"warmup\"\ncase = [{}]\n\
         [[axis]]\nkey = \"live.peak_lr\"\nlog = {{ from = 0.08, to = 1.28, n = 5 }}\n",
        [0, 512, 1024, 2048, 4096].map(case).join(", ")
    );
    let folder = folder();
    let table = swept(&study(&text), folder.path(), options("1/1", 2)).unwrap().0.table;
    let [warmup, rate, seed] =
        ["warmup", "live.peak_lr", "seed"].map(|axis| table.axis(axis).unwrap());
    let rates = table.points(rate);
    for seed_text in table.points(seed) {
        // Index of the largest surviving rate, from the shortest to the longest warmup.
        let largest: Vec<usize> = table
            .points(warmup)
            .iter()
            .map(|steps| {
                let at = [(warmup, *steps), (seed, seed_text)];
                let survivors = table
                    .rows_at(&at)
                    .filter(|row| row.status == RowStatus::Ended(EndKind::Finished));
                let place = |point: &String| rates.iter().position(|rate| rate == point).unwrap();
                survivors.map(|row| place(&row.point[rate])).max().unwrap()
            })
            .collect();
        assert!(largest.windows(2).all(|pair| pair[1] + 1 >= pair[0]), "{largest:?}");
        assert!(largest.last() > largest.first(), "{largest:?}");
    }
}
