//! `eoscope sweep` and `eoscope merge` as a script sees them.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use eoscope::config::preset;
use eoscope::study::Shard;

use crate::program::eoscope;
use crate::{GRID, folder, without_times};

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
fn a_file_that_no_study_wrote_is_never_overwritten() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let text = "name = \"s1\"\nbase = \"chebyshev-edge\"\nseeds = [1, 2]\nset = { n_steps = 20 }\n\
                [[axis]]\nkey = \"live.peak_lr\"\nvalues = [0.1, 0.2]\n\
                [[figure]]\nname = \"late\"\nkind = \"curves\"\nx = \"live.peak_lr\"\n\
                y = \"final_loss\"\n[[table]]\nname = \"best\"\nrows = [\"seed\"]\nover = \"live.peak_lr\"\n";
    fs::write(at("st.toml"), text).unwrap();
    let (code, _, told) = output(folder.path(), &["sweep", "st.toml", "--out", "good"]);
    assert_eq!(code, Some(0), "{told}");
    for (words, file) in [
        (["sweep", "st.toml", "--out", "x"], "results.csv"),
        (["merge", "good", "--out", "x"], "results.csv"),
        (["study", "st.toml", "--out", "x"], "results.csv"),
        (["study", "st.toml", "--out", "x"], "report.html"),
        (["study", "st.toml", "--out", "x"], "late.png"),
        (["study", "st.toml", "--out", "x"], "best.tex"),
    ] {
        fs::create_dir_all(at("x")).unwrap();
        let path = at("x").join(file);
        fs::write(&path, "mine").unwrap();
        let (code, said, told) = output(folder.path(), &words);
        assert_eq!((code, said.as_str(), told.lines().count()), (Some(2), "", 1), "{told}");
        let wanted = format!("x/{file} is there already, and no study.toml beside it");
        assert!(told.contains(&wanted), "{words:?}: {told}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(fs::read_dir(at("x")).unwrap().count(), 1, "{words:?}");
        fs::remove_dir_all(at("x")).unwrap();
    }
    // In a folder of the study its own files are written again, even if its text was removed.
    for _ in 0..2 {
        let (code, _, told) = output(folder.path(), &["study", "st.toml", "--out", "good"]);
        assert_eq!(code, Some(0), "{told}");
        fs::remove_file(at("good/study.toml")).unwrap();
    }
    assert!(fs::metadata(at("good/report.html")).unwrap().len() > 1000);
}

#[test]
fn a_run_folder_that_disappears_is_a_failure_of_the_sweep() {
    let folder = folder();
    let long = GRID.replace("n_steps = 30", "n_steps = 200").replace("50]", "0.1]");
    fs::write(folder.path().join("grid.toml"), long).unwrap();
    let words = ["sweep", "grid.toml", "--out", "a", "--jobs", "1"];
    let child = eoscope(folder.path(), &words).spawn().unwrap();
    let runs = folder.path().join("a/runs");
    let first = || fs::read_dir(&runs).into_iter().flatten().flatten().map(|e| e.path()).min();
    let is_done = |dir: &Path| {
        let summary = fs::read_to_string(dir.join("summary.json")).unwrap_or_default();
        summary.contains("\"status\": \"finished\"")
    };
    while !first().is_some_and(|dir| is_done(&dir)) {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let dir = first().unwrap();
    fs::remove_dir_all(&dir).unwrap();
    let done = child.wait_with_output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(1), "{told}");
    assert!(told.contains("_plain_1 is no longer there") && told.contains("1 part of"), "{told}");
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
