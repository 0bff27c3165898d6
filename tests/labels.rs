//! Names of runs, studies, presets and folders have no effect on results: each pair of commands works as
//! expected when a name changes between them.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/program.rs"]
mod program;

use std::fs;
use std::path::Path;

use eoscope::config::{RunConfig, preset};
use eoscope::store;
use tempfile::TempDir;

/// Runs the program, which must succeed; returns both output streams.
fn done(home: &Path, words: &[&str]) -> [String; 2] {
    let output = program::eoscope(home, words).output().unwrap();
    let [said, told] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert_eq!(output.status.code(), Some(0), "{words:?}: {told}");
    [said, told]
}

/// A home folder with a preset `mine`, as the window saves a built-in one.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let presets = home.path().join("config/eoscope/presets");
    fs::create_dir_all(&presets).unwrap();
    let built_in = preset("chebyshev-edge").unwrap().config.clone();
    let mine = RunConfig { name: "mine".to_owned(), ..built_in };
    fs::write(presets.join("mine.toml"), mine.to_toml()).unwrap();
    home
}

/// A copy of a run folder, optionally with another name of the run.
fn copied(home: &Path, from: &str, to: &str, name: Option<&str>) {
    let (from, to) = (home.join(from), home.join(to));
    fs::create_dir_all(&to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
    let config = to.join("config.toml");
    let mut renamed = store::read_config(&config).unwrap();
    name.unwrap_or(&renamed.name.clone()).clone_into(&mut renamed.name);
    fs::write(config, renamed.to_toml()).unwrap();
}

/// A picture without its settings metadata, which contains names.
fn picture(home: &Path, runs: &[&str], options: &[&str]) -> String {
    let words = [&["plot"], runs, &["--out", "f.svg", "--force"], options].concat();
    done(home, &words);
    let text = fs::read_to_string(home.join("f.svg")).unwrap();
    let (before, after) = text.split_once("<metadata>").unwrap();
    format!("{before}{}", after.split_once("</metadata>").unwrap().1)
}

const OPTIONS: [&[&str]; 13] = [
    &[],
    &["--ratio"],
    &["--smooth", "3"],
    &["--seeds"],
    &["--scale", "sharpness=symlog"],
    &["--scale", "loss=linear"],
    &["--x", "time"],
    &["--x", "epoch"],
    &["--x", "wall"],
    &["--panels", "loss,sharpness"],
    &["--theme", "dark"],
    &["--size", "900x700", "--dpi", "100"],
    &["--caption", "Of ours."],
];

#[test]
fn a_picture_of_runs_is_the_same_under_every_option_whatever_they_are_called() {
    let home = home();
    let home = home.path();
    let run = ["run", "chebyshev-edge", "--steps", "12", "--at", "6", "live.peak_lr=0.05"];
    done(home, &[&run[..], &["--out", "a"]].concat());
    done(home, &[&run[..], &["--seed", "2", "--out", "b"]].concat());
    for from in ["a", "b"] {
        copied(home, from, &format!("as-it-is/{from}"), None);
        copied(home, from, &format!("renamed/{from}"), Some("blowup"));
    }
    copied(home, "a", "as-it-is/twin", None);
    copied(home, "a", "renamed/twin", Some("a-label"));
    for options in OPTIONS {
        // The title is the label, after which the preset would be named.
        let titled = [options, &["--title", "Ours"]].concat();
        for runs in [&["a"][..], &["a", "b"]] {
            let of = |place: &str| {
                let runs: Vec<String> = runs.iter().map(|run| format!("{place}/{run}")).collect();
                picture(home, &runs.iter().map(String::as_str).collect::<Vec<_>>(), &titled)
            };
            assert!(of("as-it-is") == of("renamed"), "{runs:?} {options:?}");
        }
        let [plain, twin] = ["as-it-is", "renamed"]
            .map(|place| picture(home, &["a", &format!("{place}/twin")], &titled));
        assert!(plain == twin, "{options:?}");
        assert!(twin.contains(">twin: same settings<"), "{options:?}");
    }
    // Runs with two names that differ only by seed form one group.
    let caption = picture(home, &["a", "renamed/b"], &["--seeds"]);
    assert!(caption.contains("; seeds 2, 5"), "{}", &caption[..900]);
}

#[test]
fn a_preset_under_another_name_gives_the_same_run_and_goes_on_with_the_same_study() {
    let home = home();
    let home = home.path();
    for (preset, out) in [("chebyshev-edge", "built-in"), ("mine", "own")] {
        done(home, &["run", preset, "--steps", "12", "--out", out]);
    }
    done(home, &["run", "mine", "--steps", "12", "--seed", "2", "--out", "second"]);
    let [built_in, own] = ["built-in", "own"].map(|out| store::load(&home.join(out)).unwrap());
    assert_eq!(own.initial_config().name, "mine");
    assert!(own.replay().is_same_run(&built_in.replay()));
    assert!(
        own.series(eoscope::quantity::LOSS)
            .iter()
            .eq(built_in.series(eoscope::quantity::LOSS).iter()),
        "the same numbers"
    );
    let both = picture(home, &["built-in", "own"], &[]);
    assert!(both.contains(">own: same settings<"), "{}", &both[..900]);
    let family = picture(home, &["built-in", "second"], &["--seeds"]);
    assert!(family.contains("; seeds 2, 5"), "{}", &family[..900]);

    let study = |name: &str, base: &str| {
        let text = format!(
            "name = \"{name}\"\nbase = \"{base}\"\nset = {{ n_steps = 12 }}\nseeds = [1, 2]\n\
             [[axis]]\nkey = \"live.peak_lr\"\nvalues = [0.05, 0.1]\n"
        );
        fs::write(home.join(format!("{name}.toml")), text).unwrap();
    };
    study("one", "chebyshev-edge");
    study("other", "mine");
    done(home, &["sweep", "one.toml", "--out", "swept"]);
    // Run folders contain wall times, so no two are byte-identical.
    let tables = || -> Vec<Vec<u8>> {
        let runs = fs::read_dir(home.join("swept/runs")).unwrap();
        runs.map(|run| fs::read(run.unwrap().path().join("metrics.csv")).unwrap()).collect()
    };
    let before = tables();
    let [said, _] = done(home, &["sweep", "other.toml", "--out", "swept"]);
    assert!(said.contains("4 tasks done") && before.len() == 4 && tables() == before, "{said}");
    let [said, _] = done(home, &["study", "other.toml", "--out", "swept"]);
    assert!(said.contains("4 tasks done"), "{said}");

    // Shards of two machines with different names of study and base merge into one table.
    let words = |study: &'static str, shard: &'static str, out: &'static str| {
        ["sweep", study, "--shard", shard, "--out", out]
    };
    done(home, &words("one.toml", "1/2", "first"));
    done(home, &words("other.toml", "2/2", "second-machine"));
    let [said, told] = done(home, &["merge", "first", "second-machine", "--out", "all"]);
    assert!(said.contains("4 tasks done") && told.is_empty(), "{said}{told}");
    let table = |dir: &str| {
        let text = fs::read_to_string(home.join(dir).join("results.csv")).unwrap();
        // The last column is the wall time.
        text.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(table("all"), table("swept"));
    // A renamed folder is the same part, and a folder given twice adds nothing.
    fs::rename(home.join("first"), home.join("moved")).unwrap();
    let merge = ["merge", "moved", "second-machine", "moved", "all", "--out", "all"];
    assert_eq!(done(home, &merge)[1], "");
    assert_eq!(table("all"), table("swept"));
}
