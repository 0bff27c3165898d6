//! Lists, help and refusals: what a command answers without computing anything.

use std::fs;
use std::process::Command;

use crate::{SHORT, eoscope, folder, refused, stderr, stdout};

#[test]
fn lists_have_one_line_for_each_thing() {
    let folder = folder();
    for (word, first) in [("presets", "fashion-edge"), ("data", "fashion"), ("models", "mlp")] {
        let output = eoscope(folder.path(), &[word]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).starts_with(first), "{word}");
        assert_eq!(stderr(&output), "", "{word}");
    }
}

#[test]
fn help_and_version_are_answers_and_nonsense_is_a_mistake() {
    let folder = folder();
    for word in ["--help", "--version"] {
        let output = eoscope(folder.path(), &[word]);
        assert_eq!((output.status.code(), stdout(&output).is_empty()), (Some(0), false));
    }
    refused(&folder, &["--nonsense"], 2, &["--nonsense"]);
    refused(&folder, &["plot", "a", "--out", "f.png", "--size", "big"], 2, &["1600x900"]);
    refused(
        &folder,
        &["plot", "a", "--out", "f.png", "--panels", "lost"],
        2,
        &["loss", "grad_norm"],
    );
}

#[test]
fn a_bad_configuration_is_answered_with_the_key_and_the_remedy() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("syntax.toml", "seed = ");
    write("key.toml", "[live]\npeak_rl = 0.1\n");
    write("type.toml", "seed = \"x\"\n");
    write("range.toml", "[live.probe]\ntop_k = 99\n");
    let cases: [(&[&str], &[&str]); 13] = [
        (&["--set", "live.peak_rl=0.1"], &["`live.peak_rl`", "did you mean `live.peak_lr`"]),
        (&["--set", "live.peak_lr=fast"], &["`live.peak_lr`"]),
        (&["--set", "live.peak_lr=-1"], &["`live.peak_lr`", "between"]),
        (&["--set", "nonsense"], &["`nonsense`", "key=value"]),
        (&["--steps", "0"], &["`n_steps`"]),
        (&["fashion-egde"], &["did you mean `fashion-edge`"]),
        (&["CHEBYSHEV-EDGE"], &["did you mean `chebyshev-edge`?"]),
        (&["--set", "live.lr=0.1"], &["`live.lr`", "did you mean `live.peak_lr`?"]),
        (&["syntax.toml"], &["syntax.toml", "not valid TOML"]),
        (&["key.toml"], &["key.toml", "did you mean `live.peak_lr`"]),
        (&["type.toml"], &["type.toml", "`seed`"]),
        (&["range.toml"], &["range.toml", "`live.probe.top_k`", "between 1 and 6"]),
        (&["missing.toml"], &["missing.toml does not exist"]),
    ];
    for (words, wanted) in cases {
        refused(&folder, &[&["run"], words].concat(), 2, wanted);
    }
    assert!(!folder.path().join("runs").exists(), "nothing is left behind");
}

#[test]
fn without_a_display_the_program_says_what_works_without() {
    let folder = folder();
    refused(&folder, &[], 1, &["DISPLAY", "eoscope run"]);
    refused(&folder, &["blowup", "--seed", "3"], 1, &["eoscope run"]);
    refused(&folder, &["--set", "sed=3"], 2, &["`seed`"]);
}

#[test]
fn an_out_folder_that_cannot_be_is_refused_before_anything_is_computed() {
    let folder = folder();
    fs::write(folder.path().join("file"), "mine").unwrap();
    refused(&folder, &[&SHORT[..], &["--out", "file"]].concat(), 2, &["file", "not a folder"]);
    refused(&folder, &[&SHORT[..], &["--out", "file/run"]].concat(), 2, &["not a folder"]);
    let bad = [&SHORT[..], &["--out", "new", "--figure", "f.jpg"]].concat();
    refused(&folder, &bad, 2, &["f.jpg", ".png"]);
    let bad = [&SHORT[..], &["--out", "new", "--figure", "nowhere/f.png"]].concat();
    refused(&folder, &bad, 2, &["nowhere", "create it"]);
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "mine");
    assert!(!folder.path().join("new").exists());
}

#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_no_crash() {
    let folder = folder();
    let script =
        format!("'{}' data | true; echo \"${{PIPESTATUS[0]}}\"", env!("CARGO_BIN_EXE_eoscope"));
    let output =
        Command::new("bash").current_dir(folder.path()).args(["-c", &script]).output().unwrap();
    assert_eq!((stdout(&output).as_str(), stderr(&output).as_str()), ("0\n", ""));
}

#[cfg(target_os = "linux")]
#[test]
fn own_presets_are_listed_and_started_by_name_and_damaged_ones_are_named() {
    let folder = folder();
    let presets = folder.path().join("config/eoscope/presets");
    fs::create_dir_all(&presets).unwrap();
    fs::write(
        presets.join("mine.toml"),
        "n_steps = 3\n[task]\nname = \"chebyshev\"\nn_train = 20\n",
    )
    .unwrap();
    fs::write(presets.join("damaged.toml"), "seed = \"many\"").unwrap();
    fs::write(presets.join("blank.toml"), [0; 40]).unwrap();
    fs::write(presets.join("torn.toml"), "n_steps = 3\n[ta").unwrap();
    fs::create_dir(presets.join("folder.toml")).unwrap();
    std::os::unix::fs::symlink("nowhere.toml", presets.join("link.toml")).unwrap();
    let output = eoscope(folder.path(), &["presets"]);
    assert_eq!(output.status.code(), Some(0));
    for name in ["blank", "torn", "folder", "link"] {
        let path = presets.join(name).with_extension("toml");
        let is_named = |line: &&str| line.contains(path.to_str().unwrap());
        let told = stderr(&output);
        assert_eq!(told.lines().filter(is_named).count(), 1, "{name}: {told}");
    }
    assert!(stdout(&output).lines().last().unwrap().starts_with("mine "), "{}", stdout(&output));
    assert!(stderr(&output).contains("damaged.toml"), "{}", stderr(&output));
    let output = eoscope(folder.path(), &["run", "mine"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let config = fs::read_to_string(folder.path().join("runs/mine/config.toml")).unwrap();
    assert!(config.contains("name = \"mine\"") && config.contains("n_steps = 3"), "{config}");
    refused(&folder, &["run", "damaged"], 2, &["damaged.toml", "`seed`"]);
    for word in ["mime", "minee", "MINE"] {
        let wanted = format!("no preset `{word}`; did you mean `mine`?");
        refused(&folder, &["run", word], 2, &[&wanted]);
    }
}
