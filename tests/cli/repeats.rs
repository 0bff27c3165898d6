//! Runs that are repeated from what carries them: pictures and tables that were exported, run folders.

use std::fs;
use std::path::Path;

use crate::{eoscope, folder, refused, short_run, stderr};
use eoscope::config::RunConfig;
use eoscope::export::{NamedRun, commented, csv, provenance};
use eoscope::store;

/// Repeats a run into the folder `out`; returns what was said on stderr.
fn repeated(folder: &Path, words: &[&str], out: &str) -> String {
    let words = [&["run"], words, &["--out", out]].concat();
    let output = eoscope(folder, &words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", stderr(&output));
    stderr(&output)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// Rewrites a file.
fn change(path: &Path, how: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let bytes = how(fs::read(path).unwrap());
    fs::write(path, bytes).unwrap();
}

/// The configuration of a run folder.
fn config(folder: &Path, run: &str) -> RunConfig {
    store::read_config(&folder.join(run).join("config.toml")).unwrap()
}

/// The losses of a run folder, exactly.
fn losses(folder: &Path, run: &str) -> Vec<(u64, f64)> {
    let run = store::load(&folder.join(run)).unwrap();
    run.series(eoscope::quantity::LOSS).iter().collect()
}

#[test]
fn a_picture_or_table_of_a_run_repeats_it_with_its_changes() {
    let folder = folder();
    let home = folder.path();
    let words = ["--seed", "3", "--at", "2", "live.peak_lr=0.01", "--figure", "f.png"];
    short_run(home, &[&words[..], &["--out", "a"]].concat());
    let output = eoscope(home, &["plot", "a", "--out", "f.svg"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let run = store::load(&home.join("a")).unwrap();
    let carried = provenance(&[NamedRun { name: "a", run: &run }]);
    fs::write(home.join("f.csv"), commented(&carried, &csv(&run))).unwrap();
    assert_eq!(config(home, "a").changes.len(), 1);
    for figure in ["f.png", "f.svg", "f.csv", "a"] {
        let out = format!("again-{figure}");
        let told = repeated(home, &[figure], &out);
        assert!(!told.contains("note: "), "{figure}: {told}");
        assert_eq!(config(home, &out), config(home, "a"), "{figure}");
        assert_eq!(losses(home, &out), losses(home, "a"), "{figure}");
    }
    // A table with comments is a table for the program's own readers too, with the same lines.
    fs::copy(home.join("f.csv"), home.join("a/metrics.csv")).unwrap();
    assert_eq!(losses(home, "a"), losses(home, "again-f.csv"));
    change(&home.join("a/metrics.csv"), |bytes| [&bytes[..], b"what\n"].concat());
    let line = read(&home.join("a/metrics.csv")).lines().count();
    let output = eoscope(home, &["plot", "a", "--out", "g.svg"]);
    let wanted = format!("metrics.csv, line {line}: ");
    assert!(stderr(&output).contains(&wanted), "{wanted}: {}", stderr(&output));
}

#[test]
fn one_of_several_runs_is_chosen_by_number_or_name() {
    let folder = folder();
    let home = folder.path();
    short_run(home, &["--out", "a"]);
    short_run(home, &["--out", "b", "--seed", "2"]);
    assert!(eoscope(home, &["plot", "b", "a", "--out", "f.svg"]).status.success());
    let told = repeated(home, &["f.svg"], "first");
    assert!(told.contains("f.svg holds 2 runs: 1 (") && told.contains("`--run`"), "{told}");
    assert_eq!(config(home, "first"), config(home, "b"));
    let told = repeated(home, &["f.svg", "--run", "2"], "second");
    assert!(!told.contains("holds"), "{told}");
    assert_eq!(config(home, "second"), config(home, "a"));
    let name = read(&home.join("f.svg"));
    let name = name.split("# run 2 of 2: ").nth(1).unwrap().lines().next().unwrap();
    repeated(home, &["f.svg", "--run", name], "named");
    assert_eq!(config(home, "named"), config(home, "a"));
    for which in ["3", "0", "what"] {
        let words = ["run", "f.svg", "--run", which];
        refused(&folder, &words, 2, &[&format!("no run `{which}`"), "its runs are 1 ("]);
    }
    refused(&folder, &["run", "blowup", "--run", "1"], 2, &["--run chooses a run of a picture"]);
}

#[test]
fn another_version_and_other_data_are_told() {
    let folder = folder();
    let home = folder.path();
    short_run(home, &["--out", "a", "--figure", "f.svg"]);
    let (picture, ours) = (home.join("f.svg"), env!("CARGO_PKG_VERSION"));
    change(&picture, |bytes| {
        let text = String::from_utf8(bytes).unwrap();
        let (before, data) = text.split_once("# data ").unwrap();
        let (hash, after) = data.split_once('\n').unwrap();
        assert!(hash.len() >= 8, "{hash}");
        let other = format!("{before}# data c0ffee\n{after}");
        other.replacen(&format!("# eoscope {ours}"), "# eoscope 0.0.1", 1).into_bytes()
    });
    let told = repeated(home, &["f.svg"], "again");
    let wanted = format!("f.svg was written by eoscope 0.0.1, and this is {ours}: the numbers");
    assert!(told.contains(&wanted), "{told}");
    assert!(told.contains("the data are not those of the run that was repeated"), "{told}");
    let told = repeated(home, &["f.svg", "--seed", "9"], "other");
    assert!(!told.contains("the data are not"), "{told}");
    change(&picture, |bytes| {
        String::from_utf8(bytes).unwrap().replace("seed = ", "sed = ").into_bytes()
    });
    let wanted = ["refused: unknown key `sed`", "use eoscope 0.0.1, which wrote it"];
    refused(&folder, &["run", "f.svg"], 2, &wanted);
}

#[test]
fn what_carries_no_run_is_refused_in_a_sentence() {
    let folder = folder();
    let home = folder.path();
    short_run(home, &["--out", "a", "--figure", "f.png"]);
    assert!(eoscope(home, &["plot", "a", "--out", "f.svg"]).status.success());
    let write = |name: &str, bytes: &[u8]| fs::write(home.join(name), bytes).unwrap();
    for name in ["f.png", "f.svg"] {
        let whole = fs::read(home.join(name)).unwrap();
        for part in [1, 2, 3, 9] {
            let cut = format!("cut{part}-{name}");
            write(&cut, &whole[..whole.len() * part / 10]);
            refused(&folder, &["run", &cut], 2, &[&cut, "cut short", "copy it again"]);
        }
        write(&format!("empty-{name}"), b"");
        refused(&folder, &["run", &format!("empty-{name}")], 2, &["cut short"]);
    }
    image::RgbImage::new(4, 4).save(home.join("foreign.png")).unwrap();
    write("foreign.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata/></svg>");
    write("foreign.csv", b"# step\n0,1\n");
    write("plain.csv", b"step,loss\n0,1\n");
    for name in ["foreign.png", "foreign.svg", "foreign.csv", "plain.csv"] {
        refused(&folder, &["run", name], 2, &[name, "no configuration is in this", "config.toml"]);
    }
    write("text.png", b"step,loss\n");
    refused(&folder, &["run", "text.png"], 2, &["text.png: this is no PNG, or damaged"]);
    for name in ["none.png", "none.svg", "none.csv"] {
        refused(&folder, &["run", name], 2, &[&format!("{name} does not exist")]);
    }
    fs::create_dir(home.join("empty")).unwrap();
    refused(&folder, &["run", "empty"], 2, &["empty is not a run folder", "no config.toml"]);
    let study = eoscope::export::study_provenance("rates", "base = \"blowup\"\n");
    write("study.csv", &commented(&study, b"a\n"));
    refused(&folder, &["run", "study.csv"], 2, &["a figure of the study `rates`"]);
}
