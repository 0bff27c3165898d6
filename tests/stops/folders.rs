//! Several processes in one folder, and folders and files that other programs move or remove.

use std::fs;

use eoscope::store;

use crate::program::eoscope;
use crate::{assert_nothing_lost, folder, names, shell, summary, text};

#[test]
fn twelve_runs_at_once_have_a_folder_each() {
    let folder = folder();
    let words = ["run", "chebyshev-edge", "--steps", "30"];
    let children: Vec<_> =
        (0..12).map(|_| eoscope(folder.path(), &words).spawn().unwrap()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let runs = names(&folder.path().join("runs"));
    assert_eq!(runs.len(), 12, "{runs:?}");
    for run in runs {
        let dir = folder.path().join("runs").join(run);
        assert_eq!(store::load(&dir).unwrap().n_steps(), 30);
    }
}

#[test]
fn of_several_runs_told_to_write_into_one_folder_one_does() {
    let folder = folder();
    fs::create_dir(folder.path().join("r")).unwrap();
    let words = ["run", "chebyshev-edge", "--steps", "30", "--out", "r"];
    let children: Vec<_> =
        (0..8).map(|_| eoscope(folder.path(), &words).spawn().unwrap()).collect();
    let codes: Vec<_> =
        children.into_iter().map(|child| child.wait_with_output().unwrap().status.code()).collect();
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == Some(2)).count(), 7, "{codes:?}");
    assert_eq!(store::load(&folder.path().join("r")).unwrap().n_steps(), 30);
}

#[test]
fn rows_that_are_gone_at_the_end_are_noticed() {
    for (damage, what) in [
        ("rm r/metrics.csv", "metrics.csv"),
        (": > r/metrics.csv", "metrics.csv"),
        ("head -c 2000 r/metrics.csv > x; mv x r/metrics.csv", "metrics.csv"),
        ("rm r/events.jsonl", "events.jsonl"),
    ] {
        let folder = folder();
        let script = format!(
            "eoscope run catapult-model --steps 1000000 --out r & sleep .6; {damage}; sleep .2\n\
             kill -TERM $!; wait $!; echo $?"
        );
        let output = shell(folder.path(), &script);
        assert_eq!(text(&output.stdout), "1\n", "{damage}");
        let said = text(&output.stderr);
        assert!(said.contains(what) && said.contains("another program"), "{damage}: {said}");
        assert_eq!(summary(&folder.path().join("r"))["status"], "failed", "{damage}");
        if damage.starts_with(": >") {
            let rows = fs::read(folder.path().join("r/metrics.csv")).unwrap();
            assert!(!rows.contains(&0), "a gap of zeros");
        }
    }
}

#[test]
fn a_configuration_that_is_removed_during_a_run_is_there_again_at_its_end() {
    let folder = folder();
    let script = "eoscope run catapult-model --steps 1000000 --out r & sleep .6\n\
                  rm r/config.toml r/summary.json; sleep .2; kill -TERM $!; wait $!; echo $?";
    let output = shell(folder.path(), script);
    assert!(text(&output.stdout).ends_with("143\n"), "{}", text(&output.stderr));
    assert_nothing_lost(&folder.path().join("r"), "without its configuration");
}

#[test]
fn a_configuration_that_is_replaced_during_a_run_is_kept_beside_that_of_the_run() {
    let folder = folder();
    let script = "eoscope run catapult-model --steps 1000000 --out r & sleep .6\n\
                  rm r/config.toml; echo 'name = \"zz\"' > r/config.toml\n\
                  sleep .2; kill -TERM $!; wait $!; echo $?";
    let output = shell(folder.path(), script);
    let said = text(&output.stderr);
    assert!(text(&output.stdout).ends_with("143\n"), "{said}");
    assert_eq!(said.matches("config.foreign-1.toml").count(), 1, "{said}");
    let dir = folder.path().join("r");
    assert_nothing_lost(&dir, "with a foreign configuration");
    let name = |file: &str| store::read_config(&dir.join(file)).unwrap().name;
    assert_eq!(
        ["config.toml", "config.foreign-1.toml"].map(name),
        ["catapult-model".to_owned(), "zz".to_owned()]
    );
}

/// Only Linux reports the path of an open file.
#[cfg(target_os = "linux")]
#[test]
fn a_run_whose_folder_is_moved_ends_in_it_and_leaves_another_of_the_old_name_alone() {
    for after in ["", "; mkdir r; touch r/mine"] {
        let folder = folder();
        let script = format!(
            "eoscope run catapult-model --steps 1000000 --out r & sleep .6; mv r moved{after}\n\
             sleep .2; kill -TERM $!; wait $!; echo $?"
        );
        let output = shell(folder.path(), &script);
        let said = text(&output.stderr);
        assert!(text(&output.stdout).ends_with("143\n"), "{said}");
        let moved = folder.path().join("moved");
        let summary = summary(&moved);
        assert_eq!(summary["status"], "stopped", "{said}");
        let n_rows = fs::read_to_string(moved.join("metrics.csv")).unwrap().lines().count();
        assert_eq!(summary["n_steps"].as_u64(), Some(n_rows as u64 - 1));
        assert!(names(&moved).iter().any(|name| name.ends_with(".safetensors")), "{said}");
        assert!(said.contains("moved"), "{said}");
        let old = folder.path().join("r");
        assert!(!old.exists() || names(&old) == ["mine"], "{:?}", names(&old));
    }
}
