//! Tables of several machines are merged; folders of other studies are left out by name.

use std::fs;
use std::path::PathBuf;

use eoscope::study::{load, merge};

use crate::{GRID, files, folder, options, study, swept, told_by, without_times};

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
    let (read, table) = load(merged.path()).unwrap();
    assert_eq!((read, table), (study(GRID), all.table.clone()));
    // Without the second folder its tasks are missing, and would be lost from a table that has them.
    let (dirs, fewer) = ([dirs[0].clone(), dirs[2].clone()], folder());
    let before = fs::read(&all.path).unwrap();
    let error = merge(&dirs, merged.path(), 2).unwrap_err();
    assert!(error.is_mistake());
    let told = error.to_string();
    assert!(told.contains("results.csv has 3 rows") && told.contains(": 2, 6, 10; "), "{told}");
    assert_eq!(fs::read(&all.path).unwrap(), before);
    let some = merge(&dirs, fewer.path(), 2).unwrap();
    assert_eq!(some.missing, [2, 6, 10]);
    assert_eq!(some.table.rows.len(), 9);
    // With that table they are there again, without its runs.
    let both = [dirs[0].clone(), merged.path().to_owned(), dirs[1].clone()];
    let again = merge(&both, fewer.path(), 2).unwrap();
    assert_eq!((again.table, again.left_out.len()), (all.table, 0));
}

#[test]
fn rows_of_tables_count_where_the_runs_are_gone_and_bad_ones_are_named() {
    let (a, b, out) = (folder(), folder(), folder());
    let small = study(&GRID.replace("[0.05, 0.2, 50]", "[0.05]"));
    let whole = swept(&small, out.path(), options("1/1", 2)).unwrap().0.table;
    let parts = [(&a, "1/2"), (&b, "2/2")].map(|(folder, shard)| {
        let path = swept(&small, folder.path(), options(shard, 2)).unwrap().0.path;
        fs::remove_dir_all(folder.path().join("runs")).unwrap();
        path
    });
    let dirs = [a.path().to_owned(), b.path().to_owned()];
    let both = |n_told: usize| {
        let out = folder();
        let merged = merge(&dirs, out.path(), 2).unwrap();
        assert_eq!(merged.left_out.len(), n_told, "{:?}", merged.left_out);
        (merged.table.rows.clone(), merged.missing.clone(), merged.left_out.join("\n"))
    };
    assert_eq!(both(0).0, whole.rows);
    // Into one of them.
    let merged = merge(&dirs, a.path(), 2).unwrap();
    assert_eq!((merged.table.rows.as_slice(), merged.missing.len()), (whole.rows.as_slice(), 0));
    fs::remove_file(a.path().join("results.csv")).unwrap();

    let text = fs::read_to_string(&parts[1]).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "tasks 1 and 3");
    let name = parts[1].to_str().unwrap();
    let spoilt = |text: String, missing: &[usize], wanted: &str| {
        fs::write(&parts[1], text).unwrap();
        let (rows, found, told) = both(1);
        assert_eq!(found, missing, "{told}");
        assert!(rows.iter().all(|row| *row == whole.rows[row.task]), "{told}");
        assert!(told.contains(name) && told.contains(wanted), "{wanted}: {told}");
    };
    spoilt(text[..text.len() - 5].to_owned(), &[3], "line 3: it is incomplete");
    spoilt(text.replacen("\n1,", "\none,", 1), &[1], "line 2: `one` is not the index");
    spoilt(text.replacen("\n3,", "\n7,", 1), &[3], "no task 7");
    spoilt(text.replacen("method", "way", 1), &[1, 3], "the table of another study");
    spoilt("step,loss\n".to_owned(), &[1, 3], "line 1: these are not the columns");
    spoilt(String::new(), &[1, 3], "the rows of this table are left out");
    // A row that another table contradicts.
    fs::write(&parts[1], &text).unwrap();
    let other = text.replacen(",finished,", ",diverged,", 1);
    assert_ne!(other, text);
    fs::write(b.path().join("results.csv"), other).unwrap();
    let (rows, missing, told) = both(1);
    assert_eq!((rows.len(), missing), (3, vec![1]), "{told}");
    assert!(told.contains("task 1 came out differently") && told.contains("`status`"), "{told}");
    // A run counts more than a row.
    let merged = merge(&[b.path().to_owned(), out.path().to_owned()], out.path(), 2).unwrap();
    assert_eq!(merged.table, whole);
    let [told] = merged.left_out.as_slice() else { panic!("{:?}", merged.left_out) };
    assert!(told.contains("task 1 ") && told.contains("the run counts"), "{told}");
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
    let error = merge(&dirs, out.path(), 1).unwrap_err().to_string();
    assert!(error.contains("has 1 row of tasks that this merge lacks: 1; "), "{error}");
    let out = folder();
    let merged = merge(&dirs, out.path(), 1).unwrap();
    let [told] = merged.left_out.as_slice() else { panic!("{:?}", merged.left_out) };
    assert!(told.contains("task 1 ") && told.contains("`final_loss`"), "{told}");
    assert!(told.contains(&task.dir), "{told}");
    assert_eq!((merged.table.rows.len(), merged.missing), (3, vec![1]));

    // An invalid table.
    fs::write(again.path().join("results.csv"), "step,loss\n1,2\n").unwrap();
    let error = load(again.path()).unwrap_err().to_string();
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
