//! Sweeps give the same results table however the work is divided, interrupted and resumed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "common/program.rs"]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use eoscope::config::preset;
use eoscope::protocol::EndKind;
use eoscope::store;
use eoscope::study::{
    self, Options, RowStatus, Shard, Study, StudyError, SweepEvent, Swept, merge, sweep,
};
use program::eoscope;
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
    Study::from_toml(text, &study::built_in).unwrap()
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
fn a_sweep_that_was_stopped_goes_on_without_repeating_what_is_done() {
    let (whole, stopped) = (folder(), folder());
    let whole = swept(&study(GRID), whole.path(), options("1/1", 2)).unwrap().0;

    let flag = AtomicBool::new(false);
    let n_ended = AtomicUsize::new(0);
    let watch = |report: SweepEvent<'_>| {
        if let SweepEvent::Ended { .. } = report
            && n_ended.fetch_add(1, Ordering::Relaxed) == 4
        {
            flag.store(true, Ordering::Relaxed);
        }
    };
    let dir = stopped.path();
    let part = sweep(&study(GRID), dir, options("1/1", 2), &flag, &watch).unwrap();
    let n_done = part.table.rows.len();
    assert!((5..12).contains(&n_done), "{n_done}");
    // A killed process leaves a folder with the status "running" and a truncated line.
    let tasks = study(GRID).tasks().unwrap();
    let is_done = |index: usize| part.table.rows.iter().any(|row| row.task == index);
    let undone = tasks.iter().find(|task| !is_done(task.index)).unwrap();
    let done = &tasks[part.table.rows[0].task];
    let (from, to) = (dir.join("runs").join(&done.dir), dir.join("runs").join(&undone.dir));
    fs::create_dir_all(&to).unwrap();
    let text = |file: &str| fs::read_to_string(from.join(file)).unwrap();
    fs::write(to.join("config.toml"), undone.config.as_ref().unwrap().to_toml()).unwrap();
    fs::write(to.join("summary.json"), text("summary.json").replace("finished", "running"))
        .unwrap();
    fs::write(to.join("metrics.csv"), &text("metrics.csv")[..3000]).unwrap();
    let runs: Vec<_> =
        tasks.iter().filter(|task| is_done(task.index)).map(|task| &task.dir).collect();
    let of_done = |files: Vec<(PathBuf, Vec<u8>)>| {
        let is_of_done = |path: &Path| runs.iter().any(|run| path.parent().unwrap().ends_with(run));
        files.into_iter().filter(|(path, _)| is_of_done(path)).collect::<Vec<_>>()
    };
    let before = of_done(files(dir));

    let (rest, n_begun) = swept(&study(GRID), dir, options("1/1", 2)).unwrap();
    assert_eq!(n_begun, 12 - n_done);
    assert_eq!(without_times(&rest.path), without_times(&whole.path));
    // Run folders contain wall times, so a repeated run would differ.
    assert!(of_done(files(dir)) == before, "a finished run was touched");
    assert_eq!(swept(&study(GRID), dir, options("1/1", 2)).unwrap().1, 0);
}

#[test]
fn four_shards_merged_are_the_table_of_one_sweep() {
    let (whole, parts, merged) = (folder(), folder(), folder());
    let whole = swept(&study(GRID), whole.path(), options("1/1", 2)).unwrap().0;
    // Two shards share a folder; the other two have their own.
    let dirs = ["a", "a", "b", "c"].map(|name| parts.path().join(name));
    for (i, dir) in dirs.iter().enumerate() {
        let shard = format!("{}/4", i + 1);
        let (swept, n_begun) = swept(&study(GRID), dir, options(&shard, 1)).unwrap();
        assert_eq!((swept.table.rows.len(), n_begun), (3, 3));
        assert!(swept.path.ends_with(format!("results-{}-of-4.csv", i + 1)));
    }
    let dirs = [dirs[0].clone(), dirs[2].clone(), dirs[3].clone()];
    let all = merge(&dirs, merged.path(), 2).unwrap();
    assert_eq!(all.missing, [0; 0]);
    assert_eq!(without_times(&all.path), without_times(&whole.path));
    assert_eq!(all.table, whole.table);
    // The written study and table are read back unchanged.
    let (read, table) = study::load(merged.path()).unwrap();
    assert_eq!((read, table), (study(GRID), all.table));
    // Without the second folder its tasks are missing.
    let some = merge(&[dirs[0].clone(), dirs[2].clone()], merged.path(), 2).unwrap();
    assert_eq!(some.missing, [2, 6, 10]);
    assert_eq!(some.table.rows.len(), 9);
}

#[test]
fn folders_that_do_not_belong_together_are_refused_by_name() {
    let (one, other, out) = (folder(), folder(), folder());
    let small = GRID.replace("[0.05, 0.2, 50]", "[0.05]");
    swept(&study(&small), one.path(), options("1/1", 1)).unwrap();
    let changed = small.replace("n_steps = 30", "n_steps = 31");
    let error = swept(&study(&changed), one.path(), options("1/1", 1)).unwrap_err().to_string();
    assert!(error.contains("another study"), "{error}");
    swept(&study(&changed), other.path(), options("1/1", 1)).unwrap();
    let dirs = [one.path().to_owned(), other.path().to_owned()];
    let merged = merge(&dirs, out.path(), 1).unwrap();
    let [told] = merged.left_out.as_slice() else { panic!("{:?}", merged.left_out) };
    assert!(told.contains("another study") && told.contains(dirs[1].to_str().unwrap()), "{told}");
    assert_eq!((merged.table.rows.len(), merged.missing.len()), (4, 0));

    // The same study with one different result.
    let again = folder();
    swept(&study(&small), again.path(), options("1/1", 1)).unwrap();
    let task = study(&small).tasks().unwrap()[1].clone();
    let metrics = again.path().join("runs").join(&task.dir).join("metrics.csv");
    let text = fs::read_to_string(&metrics).unwrap();
    let (before, last) = text.trim_end().rsplit_once('\n').unwrap();
    let column = text.lines().next().unwrap().split(',').position(|name| name == "loss").unwrap();
    let mut cells: Vec<&str> = last.split(',').collect();
    cells[column] = "0.123";
    fs::write(&metrics, format!("{before}\n{}\n", cells.join(","))).unwrap();
    let dirs = [one.path().to_owned(), again.path().to_owned()];
    let merged = merge(&dirs, out.path(), 1).unwrap();
    let [told] = merged.left_out.as_slice() else { panic!("{:?}", merged.left_out) };
    assert!(told.contains("task 1 ") && told.contains("`final_loss`"), "{told}");
    assert!(told.contains(&task.dir), "{told}");
    assert_eq!((merged.table.rows.len(), merged.missing), (3, vec![1]));

    // An invalid table.
    fs::write(again.path().join("results.csv"), "step,loss\n1,2\n").unwrap();
    let error = study::load(again.path()).unwrap_err().to_string();
    assert!(error.contains("results.csv: line 1"), "{error}");

    // A run folder with other settings than its task's.
    let config = again.path().join("runs").join(&task.dir).join("config.toml");
    let text = fs::read_to_string(&config).unwrap().replace("n_steps = 30", "n_steps = 29");
    fs::write(&config, text).unwrap();
    let (swept, told) = told_by(&study(&small), again.path());
    assert!(told.len() == 1 && told[0].contains("other settings than task 1"), "{told:?}");
    assert_eq!(swept.table.rows.len(), 3, "the others are done");
    assert!(config.is_file(), "a run of somebody else's stays");
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

#[test]
fn a_run_folder_that_cannot_be_read_is_kept_named_and_its_run_made_again() {
    let (folder, out) = (folder(), folder());
    let small = study(&GRID.replace("[0.05, 0.2, 50]", "[0.05]"));
    let (whole, told) = told_by(&small, folder.path());
    assert!(told.is_empty() && whole.table.rows.len() == 4, "{told:?}");
    let task = &small.tasks().unwrap()[2];
    let dir = folder.path().join("runs").join(&task.dir);
    let cut = |file: &str, n: usize| {
        let text = fs::read(dir.join(file)).unwrap();
        fs::write(dir.join(file), &text[..n]).unwrap();
    };
    let rows = |n: usize| {
        let text = fs::read_to_string(dir.join("metrics.csv")).unwrap();
        let kept: Vec<_> = text.lines().take(n).collect();
        fs::write(dir.join("metrics.csv"), kept.join("\n") + "\n").unwrap();
    };
    let replaced = |file: &str, from: &str, to: &str| {
        let text = fs::read_to_string(dir.join(file)).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(dir.join(file), text.replacen(from, to, 1)).unwrap();
    };
    let damages: [(&str, &dyn Fn()); 10] = [
        ("summary.json: this file is empty", &|| cut("summary.json", 0)),
        ("summary.json, line", &|| cut("summary.json", 40)),
        ("summary.json: there is nothing but zeros", &|| {
            fs::write(dir.join("summary.json"), [0; 99]).unwrap();
        }),
        ("config.toml: this file is empty", &|| cut("config.toml", 0)),
        ("metrics.csv, line 1", &|| cut("metrics.csv", 0)),
        ("metrics.csv has 19 steps, but summary.json reports 30", &|| rows(20)),
        ("metrics.csv has 30 steps, but summary.json reports 12", &|| {
            replaced("summary.json", "\"n_steps\": 30", "\"n_steps\": 12");
        }),
        ("metrics.csv, line 10: this line is blank", &|| replaced("metrics.csv", "\n8,", "\n\n8,")),
        ("events.jsonl, line 1: this is not a change", &|| {
            fs::write(dir.join("events.jsonl"), [255, b'\n']).unwrap();
        }),
        ("summary.json", &|| {
            fs::remove_dir_all(&dir).unwrap();
            fs::write(&dir, "mine").unwrap();
        }),
    ];
    for (at, (wanted, damage)) in damages.iter().enumerate() {
        damage();
        let merged = merge(&[folder.path().to_owned()], out.path(), 2).unwrap();
        let [told] = merged.left_out.as_slice() else { panic!("{:?}", merged.left_out) };
        assert!(told.contains(wanted) && told.contains(&task.dir), "{wanted}: {told}");
        assert_eq!(merged.missing, [2], "{wanted}");
        let (swept, told) = told_by(&small, folder.path());
        let [told] = told.as_slice() else { panic!("{told:?}") };
        assert!(told.contains(wanted) && told.contains("started again"), "{wanted}: {told}");
        assert_eq!(swept.table, whole.table, "{wanted}");
        assert_eq!(without_times(&swept.path), without_times(&whole.path), "{wanted}");
        let kept = dir.with_file_name(format!("{}.damaged-{}", task.dir, at + 1));
        assert!(fs::symlink_metadata(&kept).is_ok(), "{wanted}: nothing is lost");
    }
}

#[test]
fn only_tasks_whose_run_folder_is_whole_count_as_done() {
    let folder = folder();
    let small = study(&GRID.replace("[0.05, 0.2, 50]", "[0.05]"));
    let n_done = || {
        let found = Mutex::new(None);
        let watch = |report: SweepEvent<'_>| {
            if let SweepEvent::Planned { n_tasks, n_done, .. } = report {
                *found.lock().unwrap() = Some((n_tasks, n_done));
            }
        };
        let stop = AtomicBool::new(false);
        sweep(&small, folder.path(), options("1/1", 2), &stop, &watch).unwrap();
        found.into_inner().unwrap().unwrap()
    };
    assert_eq!(n_done(), (4, 0));
    assert_eq!(n_done(), (4, 4));
    let tasks = small.tasks().unwrap();
    let dir = |at: usize| folder.path().join("runs").join(&tasks[at].dir);
    fs::write(dir(0).join("summary.json"), "{").unwrap();
    fs::remove_file(dir(1).join("metrics.csv")).unwrap();
    fs::remove_dir_all(dir(3)).unwrap();
    assert_eq!(n_done(), (4, 1));
}

#[test]
fn a_sweep_with_a_failed_run_ends_with_the_status_of_a_failure() {
    let folder = folder();
    let text = "name = \"odd\"\nbase = \"chebyshev-edge\"\nset = { n_steps = 3 }\n[[axis]]\n\
                key = \"model.hidden\"\nvalues = [[8], [4096, 4096, 4096, 4096, 4096, 4096]]\n";
    fs::write(folder.path().join("odd.toml"), text).unwrap();
    for words in [["sweep", "odd.toml", "--out", "a"], ["study", "odd.toml", "--out", "b"]] {
        let (code, said, told) = output(folder.path(), &words);
        assert!(told.contains("1 run failed") && said.contains("2 tasks done"), "{said}{told}");
        assert_eq!(code, Some(1), "{told}");
    }
    let (code, _, told) = output(folder.path(), &["merge", "a", "--out", "c"]);
    assert!(code == Some(0) && told.contains("1 run failed"), "{told}");
}

#[test]
fn folders_without_a_study_are_named_and_the_others_merged() {
    let (whole, parts, out) = (folder(), folder(), folder());
    let small = GRID.replace("[0.05, 0.2, 50]", "[0.05]");
    swept(&study(&small), whole.path(), options("1/1", 2)).unwrap();
    let torn = |name: &str, bytes: &[u8]| {
        fs::create_dir(parts.path().join(name)).unwrap();
        fs::write(parts.path().join(name).join("study.toml"), bytes).unwrap();
    };
    torn("blank", b"");
    torn("zeros", &[0; 64]);
    torn("foreign", b"name = \"x\"\nbase = \"blowup\"\n");
    torn("binary", &[255, 254, 0]);
    let text = study(&small).to_toml().to_owned();
    torn("torn", &text.as_bytes()[..text.len() / 2]);
    fs::create_dir(parts.path().join("empty")).unwrap();
    fs::write(parts.path().join("file"), "mine").unwrap();
    let bad = ["blank", "zeros", "foreign", "binary", "torn", "empty", "file", "nowhere"];
    let whole = [whole.path().to_owned(), whole.path().join(".")];
    let dirs = bad.map(|name| parts.path().join(name)).into_iter().chain(whole);
    let dirs: Vec<PathBuf> = dirs.collect();
    let merged = merge(&dirs, out.path(), 2).unwrap();
    assert_eq!((merged.table.rows.len(), merged.missing.len()), (4, 0));
    assert_eq!(merged.left_out.len(), bad.len(), "{:?}", merged.left_out);
    assert!(!merged.left_out.iter().any(|told| told.contains("another study")));
    for dir in &dirs[..bad.len()] {
        let is_named = |told: &&String| told.contains(dir.to_str().unwrap());
        assert_eq!(merged.left_out.iter().filter(is_named).count(), 1, "{:?}", merged.left_out);
    }
    // A sweep rewrites such a file in its folder, with a message.
    fs::write(out.path().join("study.toml"), [0; 9]).unwrap();
    let (swept, told) = told_by(&study(&small), out.path());
    assert!(told.len() == 1 && told[0].contains("written again"), "{told:?}");
    assert_eq!(swept.table.rows.len(), 4);
    // A damaged one may belong to another study, so the user must decide.
    let file = out.path().join("study.toml");
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    let error = self::swept(&study(&small), out.path(), options("1/1", 1)).unwrap_err().to_string();
    assert!(error.contains(&format!("{} is damaged: ", file.display())), "{error}");
    assert!(error.contains("remove that file") && error.lines().count() == 1, "{error}");
    fs::remove_file(&file).unwrap();
    let before = files(out.path());
    let (swept, told) = told_by(&study(&small), out.path());
    assert!(told.is_empty() && swept.table.rows.len() == 4, "{told:?}");
    assert!(files(out.path()) == before, "runs that are done are kept");
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

#[test]
fn two_programs_do_not_work_on_one_part() {
    let folder = folder();
    let study = study(GRID);
    let (inner, n_inner) = (AtomicBool::new(false), AtomicUsize::new(0));
    let watch = |report: SweepEvent<'_>| {
        let is_first = matches!(report, SweepEvent::Planned { .. });
        if is_first && !inner.swap(true, Ordering::Relaxed) {
            for shard in ["1/1", "1/3"] {
                let error = swept(&study, folder.path(), options(shard, 1)).unwrap_err();
                assert!(error.to_string().contains("another program"), "{error}");
                n_inner.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let flag = AtomicBool::new(false);
    sweep(&study, folder.path(), options("1/1", 2), &flag, &watch).unwrap();
    assert_eq!(n_inner.into_inner(), 2);
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

fn output(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = eoscope(folder, words).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn the_program_sweeps_lists_shards_and_merges() {
    let folder = folder();
    fs::write(folder.path().join("grid.toml"), GRID).unwrap();
    let (code, said, _) = output(folder.path(), &["sweep", "grid.toml", "--dry-run"]);
    assert_eq!((code, said.lines().count()), (Some(0), 12));
    assert!(said.contains("live.peak_lr 0.2, method warmup, seed 2"), "{said}");
    let words = ["sweep", "grid.toml", "--dry-run", "--shard", "2/5"];
    assert_eq!(output(folder.path(), &words).1.lines().count(), 3);
    assert!(!folder.path().join("runs").exists(), "nothing ran");

    let words = ["sweep", "grid.toml", "--out", "a", "--jobs", "2", "--shard", "1/2"];
    let (code, said, told) = output(folder.path(), &words);
    assert_eq!((code, said.lines().count()), (Some(0), 1), "{told}");
    assert!(said.contains("grid: 6 tasks done") && said.contains("results-1-of-2.csv"), "{said}");
    let (code, _, told) = output(folder.path(), &["merge", "a", "--out", "all"]);
    assert_eq!(code, Some(3));
    assert!(told.contains("6 of 12 tasks are missing: 1, 3, 5, 7, 9, 11"), "{told}");
    let words = ["sweep", "grid.toml", "--out", "b", "--shard", "2/2"];
    assert_eq!(output(folder.path(), &words).0, Some(0));
    let (code, said, told) = output(folder.path(), &["merge", "a", "b", "--out", "all"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(said.contains("grid: 12 tasks done"), "{said}");

    // The study in the folder is self-contained: swept elsewhere it gives the same table.
    let words = ["sweep", "all/study.toml", "--out", "again"];
    assert_eq!(output(folder.path(), &words).0, Some(0));
    let table = |dir: &str| without_times(&folder.path().join(dir).join("results.csv"));
    assert_eq!(table("again"), table("all"));
}

#[test]
fn a_bad_study_is_answered_with_the_file_the_key_and_the_remedy() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("key.toml", &GRID.replace("seeds", "sedes"));
    write("axis.toml", &GRID.replace("live.peak_lr", "live.peak_rl"));
    write("range.toml", &GRID.replace("50]", "-50]"));
    write("base.toml", &GRID.replace("chebyshev-edge", "chebyshev-egde"));
    write("file.toml", &GRID.replace("chebyshev-edge", "none/base.toml"));
    write("syntax.toml", "name = ");
    write("file", "mine");
    write("good.toml", GRID);
    let cases: [(&[&str], &[&str]); 11] = [
        (&["key.toml", "--out", "d"], &["key.toml", "`sedes`", "did you mean `seeds`"]),
        (&["axis.toml", "--out", "d"], &["axis.toml", "did you mean `live.peak_lr`"]),
        (&["range.toml", "--out", "d"], &["range.toml", "`live.peak_lr`", "between"]),
        (&["base.toml", "--out", "d"], &["base.toml", "did you mean `chebyshev-edge`"]),
        (&["file.toml", "--out", "d"], &["file.toml", "none/base.toml does not exist"]),
        (&["syntax.toml", "--out", "d"], &["syntax.toml", "not valid TOML"]),
        (&["missing.toml", "--out", "d"], &["missing.toml does not exist"]),
        (&[".", "--out", "d"], &["is a folder"]),
        (&["good.toml"], &["--out"]),
        (&["good.toml", "--out", "d", "--shard", "5/4"], &["2/4"]),
        (&["good.toml", "--out", "file"], &["file", "not a folder"]),
    ];
    for (words, wanted) in cases {
        let (code, said, told) = output(folder.path(), &[&["sweep"], words].concat());
        assert_eq!((code, said.as_str()), (Some(2), ""), "{words:?}: {told}");
        assert!(wanted.iter().all(|wanted| told.contains(wanted)), "{words:?}: {told}");
        assert!(!told.contains("panicked"), "{told}");
    }
    assert!(!folder.path().join("d").exists(), "nothing is left behind");
    let (code, _, told) = output(folder.path(), &["merge", "nowhere", "--out", "d"]);
    assert!(code == Some(2) && told.contains("nowhere does not exist"), "{told}");
    let (code, _, told) = output(folder.path(), &["merge", ".", "--out", "d"]);
    assert!(code == Some(2) && told.contains("holds no study"), "{told}");
}

#[test]
fn a_base_is_found_beside_the_study() {
    let folder = folder();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let config = preset("chebyshev-edge").unwrap().config.to_toml();
    fs::write(folder.path().join("sub/base.toml"), config).unwrap();
    let text = GRID.replace("\"chebyshev-edge\"", "\"base.toml\"");
    fs::write(folder.path().join("sub/grid.toml"), text).unwrap();
    let (code, said, told) = output(folder.path(), &["sweep", "sub/grid.toml", "--dry-run"]);
    assert_eq!((code, said.lines().count()), (Some(0), 12), "{told}");
}

#[test]
fn a_sweep_that_was_killed_goes_on_and_gives_the_same_table() {
    let folder = folder();
    let long = GRID.replace("n_steps = 30", "n_steps = 800").replace("50]", "0.1]");
    fs::write(folder.path().join("grid.toml"), long).unwrap();
    let words = ["sweep", "grid.toml", "--out", "killed", "--jobs", "2"];
    let mut child =
        eoscope(folder.path(), &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let runs = folder.path().join("killed/runs");
    let summaries = || {
        let dirs = fs::read_dir(&runs).into_iter().flatten().flatten();
        let read = |dir: fs::DirEntry| fs::read_to_string(dir.path().join("summary.json"));
        dirs.flat_map(read).collect::<Vec<_>>()
    };
    let n_of = |word: &str| summaries().iter().filter(|text| text.contains(word)).count();
    while n_of("\"status\": \"finished\"") < 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let n_finished = n_of("\"status\": \"finished\"");
    assert!(n_finished < 12, "the kill came too late");

    let (code, said, told) = output(folder.path(), &words);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains(&format!("{n_finished} of 12 tasks are done already")), "{told}");
    assert!(said.contains("12 tasks done"), "{said}");
    let words = ["sweep", "grid.toml", "--out", "whole"];
    assert_eq!(output(folder.path(), &words).0, Some(0));
    let table = |dir: &str| without_times(&folder.path().join(dir).join("results.csv"));
    assert_eq!(table("killed"), table("whole"));
    assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
}
