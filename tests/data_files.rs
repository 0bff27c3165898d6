//! A file of the user is a task like any other: on every network that reads it, on the command line, in
//! a sweep and in the window; a repeated run wants the same contents.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/bare.rs"]
mod bare;
#[path = "common/program.rs"]
mod program;
#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use std::fs;
use std::path::Path;

use eframe::egui::{self, accesskit::Role};
use egui_kittest::kittest::Queryable;
use eoscope::config::settings::DATA_PATH;
use eoscope::config::{Architecture, Loss, RunConfig, TaskSource};
use eoscope::protocol::{Command, RunId};
use eoscope::store;
use tempfile::TempDir;
use training::train;

/// 60 points of two classes.
fn table() -> String {
    let row = |i: u32| {
        let (angle, class) = (f64::from(i) / 8.0, i % 2);
        let r = if class == 0 { angle } else { -angle };
        format!("{},{},{}\n", r * angle.cos(), r * angle.sin(), ["in", "out"][class as usize])
    };
    (0..60).map(row).fold("x,y2,arm\n".to_owned(), |text, row| text + &row)
}

/// A folder with `points.csv`, `numbers.csv`, images of 8×8 pixels, and configurations of them.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("points.csv"), table()).unwrap();
    let rows: Vec<_> = (0..30).map(|i| format!("{i};{},5\n", i * i)).collect();
    let numbers = rows.concat();
    fs::write(at("numbers.csv"), format!("x;y\n{numbers}")).unwrap();
    let digits = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/digits");
    for name in ["digits8x8-images-idx3-ubyte.gz", "digits8x8-labels-idx1-ubyte.gz"] {
        fs::copy(digits.join(name), at(name)).unwrap();
    }
    for (name, path) in [("points", "points.csv"), ("digits", "digits8x8-images-idx3-ubyte.gz")] {
        let text = format!(
            "n_steps = 4\n[task]\nname = \"file\"\npath = \"{path}\"\nn_train = 50\n\
             [model]\nhidden = [6]\n[live.probe]\nevery = 2\ntop_k = 1\n"
        );
        fs::write(at(&format!("{name}.toml")), text).unwrap();
    }
    folder
}

fn chosen(path: &Path) -> RunConfig {
    let mut config = training::tiny(Architecture::Mlp, 2);
    config = DATA_PATH.chosen(&config, &path.to_str().unwrap().into()).unwrap();
    config.n_steps = 4;
    config
}

fn run(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = program::eoscope(folder, words).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code(), said)
}

#[test]
fn a_file_trains_on_every_network_that_reads_it() {
    let folder = folder();
    let (mut n_flat, mut n_images) = (0, 0);
    for architecture in Architecture::ALL.iter().copied() {
        for (name, n_trained) in
            [("points.csv", &mut n_flat), ("digits8x8-images-idx3-ubyte.gz", &mut n_images)]
        {
            let mut config = chosen(&folder.path().join(name));
            config.model = training::tiny(architecture, 2).model;
            for loss in [Loss::Mse, Loss::CrossEntropy] {
                let mut config = RunConfig { loss, ..config.clone() };
                config.task.n_train = 12;
                if config.validate().is_ok() {
                    let told = train(config);
                    let measured = told.samples.iter().filter(|sample| sample.curvature.is_some());
                    assert_eq!((told.samples.len(), measured.count()), (4, 2), "{architecture}");
                    *n_trained += 1;
                }
            }
        }
    }
    // Both losses: two networks of vectors, and all six of images.
    assert_eq!((n_flat, n_images), (4, 12));
}

#[test]
fn a_choice_of_a_file_brings_its_size_and_a_loss_that_fits() {
    let folder = folder();
    let config = RunConfig { loss: Loss::CrossEntropy, ..RunConfig::default() };
    let path = folder.path().join("numbers.csv");
    let after = DATA_PATH.chosen(&config, &path.to_str().unwrap().into()).unwrap();
    assert_eq!((after.task.name.clone(), after.task.n_train), (TaskSource::File, 24));
    assert_eq!((after.loss, after.task.sha256.len()), (Loss::Mse, 64));
    assert!(train(RunConfig { n_steps: 3, ..after.clone() }).samples[0].loss < 5.0);
    // Another task forgets the file.
    let name = eoscope::config::settings::TASK.chosen(&after, &"digits".into()).unwrap();
    assert_eq!((name.task.path.as_str(), name.task.sha256.as_str()), ("", ""));
}

#[test]
fn a_run_records_where_its_file_is_and_a_repeated_one_wants_the_same_contents() {
    let folder = folder();
    let elsewhere = tempfile::tempdir().unwrap();
    let configuration = folder.path().join("points.toml");
    let out = elsewhere.path().join("out");
    let words = ["run", configuration.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let (code, said) = run(elsewhere.path(), &words);
    assert_eq!(code, Some(0), "{said}");
    let moved = elsewhere.path().join("moved");
    fs::rename(&out, &moved).unwrap();
    let recorded = moved.join("config.toml");
    let config = store::read_config(&recorded).unwrap();
    assert_eq!(Path::new(&config.task.path), folder.path().join("points.csv"));
    let again = ["run", recorded.to_str().unwrap(), "--out", out.to_str().unwrap()];
    assert_eq!(run(elsewhere.path(), &again).0, Some(0));
    let losses = [&moved, &out].map(|dir| {
        let run = store::load(dir).unwrap();
        run.series(eoscope::quantity::LOSS).iter().collect::<Vec<_>>()
    });
    assert_eq!((losses[0].len(), &losses[0]), (4, &losses[1]));

    fs::write(folder.path().join("points.csv"), table().replace("in", "inner")).unwrap();
    let (code, said) = run(elsewhere.path(), &["run", recorded.to_str().unwrap()]);
    assert_eq!(code, Some(2), "{said}");
    let hash = &config.task.sha256[..12];
    assert!(said.contains("has other contents") && said.contains(hash), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    fs::remove_file(folder.path().join("points.csv")).unwrap();
    let (code, said) = run(elsewhere.path(), &["run", recorded.to_str().unwrap()]);
    assert!(code == Some(2) && said.contains("does not exist; check the path"), "{said}");
    // The recorded run can still be read and drawn.
    let picture = ["plot", moved.to_str().unwrap(), "--out", "run.svg"];
    let (code, said) = run(elsewhere.path(), &picture);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_relative_path_begins_at_its_configuration_or_at_the_working_directory() {
    let folder = folder();
    let set = ["--set", "task.name=file", "--set", "task.path=points.csv"];
    let more = ["--set", "task.n_train=40", "--set", "model.hidden=[4]", "--steps", "2"];
    let words = [["run"].as_slice(), &set, &more].concat();
    let (code, said) = run(folder.path(), &words);
    assert_eq!(code, Some(0), "{said}");
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let (code, said) = run(&inner, &words);
    assert!(code == Some(2) && said.contains("inner/points.csv` cannot be read"), "{said}");
    assert!(said.contains("`task.path`"), "{said}");
    let (code, said) = run(&inner, &["run", "../digits.toml"]);
    assert_eq!(code, Some(0), "{said}");
    // A setting without a task that reads it.
    let (_, said) = run(&inner, &["run", "--set", "task.path=points.csv", "--steps", "1"]);
    assert!(said.contains("does nothing") && said.contains("only file reads it"), "{said}");
}

#[test]
fn a_sweep_varies_the_file() {
    let folder = folder();
    fs::write(folder.path().join("twice.csv"), table().replace("in\n", "a\n")).unwrap();
    let text = "name = \"files\"\nbase = \"points.toml\"\n[[axis]]\nkey = \"task.path\"\n\
                values = [\"points.csv\", \"twice.csv\", \"missing.csv\"]\n";
    let study = folder.path().join("study.toml");
    fs::write(&study, text).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let words = ["sweep", study.to_str().unwrap(), "--out", "swept"];
    let (_, said) = run(elsewhere.path(), &words);
    let results = fs::read_to_string(elsewhere.path().join("swept/results.csv")).unwrap();
    let of = |name: &str| results.lines().filter(|line| line.contains(name)).count();
    assert_eq!((of("points.csv"), of("twice.csv")), (1, 1), "{said}{results}");
    let missing = results.lines().find(|line| line.contains("missing.csv")).unwrap_or(&said);
    assert!(missing.contains("does not exist"), "{said}{results}");
    let (code, said) = run(elsewhere.path(), &words);
    assert_ne!(code, Some(2), "{said}");
}

/// Runs frames until the file that was typed has been read.
fn wait(rig: &mut bare::Rig) {
    for _ in 0..4000 {
        rig.window.run_steps(2);
        if rig.window.query_by_label("reading …").is_none() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("the file is not read");
}

#[test]
fn the_window_offers_a_file_and_keeps_the_run_while_it_is_refused() {
    let folder = folder();
    let mut config = training::tiny(Architecture::Mlp, 2);
    config.n_steps = 1000;
    let mut rig = bare::Rig::open(config.clone(), egui::vec2(1440.0, 2600.0));
    rig.say(bare::started(RunId(1), &config));
    rig.commands();
    assert!(rig.window.query_by_role_and_label(Role::TextInput, DATA_PATH.label).is_none());
    rig.window.get_by_label_contains("Data, closed").click();
    rig.settle();
    rig.control(Role::ComboBox, "Task").click();
    rig.settle();
    // The list is longer than what is visible of it.
    rig.window.get_by_role_and_label(Role::Button, "file…").click_accesskit();
    rig.settle();
    rig.window.key_press(egui::Key::Escape);
    rig.settle();
    let bad = folder.path().join("none.csv");
    rig.type_over(Role::TextInput, DATA_PATH.label, bad.to_str().unwrap());
    wait(&mut rig);
    rig.window.get_by_label_contains("it does not exist; check the path");
    assert_eq!(rig.commands(), []);
    let good = folder.path().join("points.csv");
    rig.type_over(Role::TextInput, DATA_PATH.label, good.to_str().unwrap());
    wait(&mut rig);
    rig.settle();
    let commands = rig.commands();
    let [Command::Stop { .. }, Command::Start { config: begun, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!((begun.task.name.clone(), begun.task.n_train), (TaskSource::File, 48));
    assert!(rig.window.query_by_label_contains("does not exist").is_none());
    assert!(train(RunConfig { n_steps: 2, ..(**begun).clone() }).samples.len() == 2);
}
