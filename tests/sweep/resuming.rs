//! A sweep goes on: finished runs are kept, damaged ones made again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use eoscope::study::{SweepEvent, merge, sweep};

use crate::{GRID, files, folder, options, study, swept, told_by, without_times};

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

/// Writes `metrics.csv` of a run folder anew with those of its lines that are kept.
fn keep_lines(dir: &Path, is_kept: impl Fn(usize) -> bool) {
    let text = fs::read_to_string(dir.join("metrics.csv")).unwrap();
    let kept: Vec<_> =
        text.lines().enumerate().filter(|(at, _)| is_kept(*at)).map(|(_, row)| row).collect();
    fs::write(dir.join("metrics.csv"), kept.join("\n") + "\n").unwrap();
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
    let rows = |n: usize| keep_lines(&dir, |at| at < n);
    let replaced = |file: &str, from: &str, to: &str| {
        let text = fs::read_to_string(dir.join(file)).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(dir.join(file), text.replacen(from, to, 1)).unwrap();
    };
    let without = |from: usize, to: usize| keep_lines(&dir, |at| at < from || at > to);
    let damages: [(&str, &dyn Fn()); 12] = [
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
        ("metrics.csv has no row of steps 9 to 18", &|| without(10, 19)),
        ("metrics.csv has no row of step 0", &|| without(1, 1)),
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
fn what_disappears_during_a_sweep_is_named_and_made_again() {
    let (folder, whole) = (folder(), folder());
    let small = study(&GRID.replace("[0.05, 0.2, 50]", "[0.05]"));
    let whole = swept(&small, whole.path(), options("1/1", 2)).unwrap().0.table;
    let tasks = small.tasks().unwrap();
    let dir = |at: usize| folder.path().join("runs").join(&tasks[at].dir);
    let watch = |report: SweepEvent<'_>| {
        let SweepEvent::Ended { row, .. } = report else { return };
        match row.task {
            0 => fs::remove_dir_all(dir(0)).unwrap(),
            1 => {
                fs::remove_file(dir(1).join("metrics.csv")).unwrap();
                fs::remove_file(folder.path().join("study.toml")).unwrap();
            }
            _ => {}
        }
    };
    let flag = AtomicBool::new(false);
    let part = sweep(&small, folder.path(), options("1/1", 1), &flag, &watch).unwrap();
    assert_eq!(part.lost.len(), 3, "{:?}", part.lost);
    let gone = [dir(0), dir(1).join("metrics.csv"), folder.path().join("study.toml")];
    for (told, path) in part.lost.iter().zip(&gone) {
        let wanted = format!("{} is no longer there", path.display());
        assert!(told.starts_with(&wanted), "{told}");
    }
    assert_eq!(part.table, whole, "the results are known");
    let (again, n_begun) = swept(&small, folder.path(), options("1/1", 2)).unwrap();
    assert_eq!((again.table, again.lost.len(), n_begun), (whole, 0, 2));
}

#[test]
fn rows_whose_runs_are_gone_stay_in_the_table_until_they_are_made_again() {
    let folder = folder();
    let small = study(&GRID.replace("[0.05, 0.2, 50]", "[0.05]"));
    let path = swept(&small, folder.path(), options("1/1", 2)).unwrap().0.path;
    let before = without_times(&path);
    fs::remove_dir_all(folder.path().join("runs")).unwrap();
    let flag = AtomicBool::new(false);
    let watch = |report: SweepEvent<'_>| {
        if let SweepEvent::Ended { .. } = report {
            flag.store(true, Ordering::Relaxed);
        }
    };
    let part = sweep(&small, folder.path(), options("1/1", 1), &flag, &watch).unwrap();
    assert_eq!(part.table.rows.len(), 1, "stopped after the first");
    assert_eq!(without_times(&path), before);
    let (again, n_begun) = swept(&small, folder.path(), options("1/1", 2)).unwrap();
    assert_eq!((again.table.rows.len(), n_begun), (4, 3));
}

#[test]
fn a_folder_of_somebody_else_s_in_the_place_of_a_run_is_kept() {
    let folder = folder();
    let small = study(&GRID.replace("[0.05, 0.2, 50]", "[0.05]"));
    let task = &small.tasks().unwrap()[2];
    let dir = folder.path().join("runs").join(&task.dir);
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("notes.txt"), "mine").unwrap();
    let (swept, told) = told_by(&small, folder.path());
    assert_eq!(swept.table.rows.len(), 4, "{told:?}");
    let kept = dir.with_file_name(format!("{}.damaged-1", task.dir));
    assert!(told.len() == 1 && told[0].contains(kept.to_str().unwrap()), "{told:?}");
    assert_eq!(fs::read_to_string(kept.join("notes.txt")).unwrap(), "mine");
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
