//! Files that start a run: dropped on the window, typed in the dialog, or chosen among the recent ones.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{self, Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use eoscope::config::{RunConfig, preset};
use eoscope::export::{NamedRun, commented, csv, provenance};
use eoscope::history::Run;
use eoscope::protocol::{Command, Event, RunId, Source};

use crate::rig::{Rig, started};

/// A file as a desktop drops it.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

fn drop_on(rig: &mut Rig, path: &Path) {
    rig.window.input_mut().dropped_files.push(Arc::new(Dropped(path.to_owned())));
    rig.window.step();
}

/// Runs frames until commands are sent.
fn wait_for_commands(rig: &mut Rig) -> Vec<Command> {
    let started_at = std::time::Instant::now();
    while started_at.elapsed() < std::time::Duration::from_mins(1) {
        rig.window.step();
        let commands = rig.commands();
        if !commands.is_empty() {
            rig.settle();
            return commands.into_iter().filter(|it| matches!(it, Command::Start { .. })).collect();
        }
    }
    unreachable!("no command was ever sent");
}

/// A table of runs of these seeds, each with a change made live.
fn table(folder: &Path, name: &str, seeds: &[u64]) -> PathBuf {
    let runs: Vec<Run> = seeds
        .iter()
        .map(|seed| {
            let mut config = preset("blowup").unwrap().config.clone();
            config.seed = *seed;
            let mut run = Run::new(RunId(*seed), config.clone());
            config.live.peak_lr = 0.5;
            let (live, source) = (Box::new(config.live), Source::User(1));
            run.apply(&Event::Tuned { run: RunId(*seed), step: 9, live, source });
            run
        })
        .collect();
    let names: Vec<String> = seeds.iter().map(|seed| format!("of seed {seed}")).collect();
    let named = runs.iter().zip(&names).map(|(run, name)| NamedRun { name, run });
    let carried = provenance(&named.collect::<Vec<_>>());
    let path = folder.join(name);
    std::fs::write(&path, commented(&carried, &csv(&runs[0]))).unwrap();
    path
}

#[test]
fn a_figure_that_is_dropped_on_the_window_starts_its_run_and_is_recent() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), "edge.csv", &[7]);
    let mut rig = Rig::running(&RunConfig::default(), 20);
    drop_on(&mut rig, &path);
    let (run, config, _) = started(wait_for_commands(&mut rig));
    assert_eq!((config.name.as_str(), config.seed), ("blowup", 7));
    assert_eq!(config.changes[0].step, 9);
    assert!(rig.window.query_by_role_and_label(Role::TextInput, "File").is_none(), "it is closed");
    rig.start(run, &config);
    // Chosen again from the list of presets, then after it is gone.
    for is_there in [true, false] {
        if !is_there {
            std::fs::remove_file(&path).unwrap();
        }
        rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
        rig.settle();
        rig.window.get_by_label("edge.csv").click();
        rig.window.step();
        if is_there {
            assert_eq!(started(wait_for_commands(&mut rig)).1, config);
        } else {
            rig.wait_for("edge.csv does not exist; check the name");
            assert!(rig.commands().is_empty());
        }
    }
}

#[test]
fn a_run_of_several_is_chosen_in_the_dialog() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), "two.csv", &[7, 8]);
    let mut rig = Rig::running(&RunConfig::default(), 20);
    drop_on(&mut rig, &path);
    rig.wait_for("It holds several runs");
    assert!(rig.commands().is_empty(), "nothing starts before one is chosen");
    let (_, config, _) = started(rig.click("2 of seed 8"));
    assert_eq!((config.seed, config.changes.len()), (8, 1));
}

#[test]
fn a_path_is_typed_and_what_cannot_be_opened_is_told_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::running(&RunConfig::default(), 20);
    let config = preset("blowup").unwrap().config.clone();
    std::fs::write(folder.path().join("config.toml"), config.to_toml()).unwrap();
    std::fs::write(folder.path().join("foreign.svg"), "<svg/>").unwrap();
    std::fs::write(folder.path().join("wrong.toml"), "sed = 3").unwrap();
    rig.window.key_press_modifiers(Modifiers::COMMAND, Key::O);
    rig.settle();
    let enter = |rig: &mut Rig, name: &str| {
        rig.window.get_by_role_and_label(Role::TextInput, "File").focus();
        rig.settle();
        rig.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        rig.settle();
        let path = folder.path().join(name);
        let field = rig.window.get_by_role_and_label(Role::TextInput, "File");
        field.type_text(path.to_str().unwrap());
        rig.settle();
        rig.window.key_press(Key::Enter);
        rig.window.step();
    };
    for (name, wanted) in [
        ("foreign.svg", "no configuration is in this picture"),
        ("wrong.toml", "unknown key `sed`"),
        ("none.png", "none.png does not exist"),
    ] {
        enter(&mut rig, name);
        rig.wait_for(wanted);
    }
    assert!(rig.commands().is_empty());
    // The folder of a run.
    enter(&mut rig, "");
    assert_eq!(started(wait_for_commands(&mut rig)).1, config);
}
