//! The phase diagram in the window: its runs, files and cells are those of a sweep.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use eoscope::config::{RunConfig, preset};
use eoscope::study::{Options, RowStatus, Shard, load, sweep};
use rig::{Rig, started};

/// The T6 net for a few steps.
fn brief() -> RunConfig {
    RunConfig { n_steps: 6, ..preset("chebyshev-edge").unwrap().config.clone() }
}

fn open(rig: &mut Rig) {
    rig.click("View");
    rig.click("Phase diagram");
}

/// Names the folder in the open view.
fn choose_folder(rig: &mut Rig, dir: &Path) {
    rig.window.get_by_role_and_label(Role::TextInput, "Folder").click();
    rig.settle();
    rig.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    rig.settle();
    let field = rig.window.get_by_role_and_label(Role::TextInput, "Folder");
    field.type_text(&dir.display().to_string());
    rig.settle();
}

#[test]
fn a_grid_fills_writes_the_table_of_a_sweep_and_its_cells_start_their_runs() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("grid");
    let mut rig = Rig::running(&brief(), 3);
    open(&mut rig);
    choose_folder(&mut rig, &dir);
    rig.click("η and scale");
    rig.window.get_by_label("Learning rate: 0.05, 0.1, 0.2, 0.4, 0.8");
    rig.click("Train 25 runs");
    rig.wait_for("all 25 runs done");
    let (study, table) = load(&dir).unwrap();
    assert_eq!((table.rows.len(), study.base.n_steps), (25, 6));
    assert!(table.rows.iter().any(|row| matches!(row.status, RowStatus::Ended(_))));
    for row in &table.rows {
        let start = format!("Learning rate {}, Scale {}: ", row.point[1], row.point[0]);
        rig.window.get_by_label_contains(&start);
    }
    let other = home.path().join("swept");
    let options = Options { shard: Shard::WHOLE, n_jobs: 2 };
    let swept = sweep(&study, &other, options, &AtomicBool::new(false), &|_| {}).unwrap();
    assert_eq!(swept.table, table);

    let cell = format!("Learning rate 0.4, Scale {}: ", table.rows[0].point[0]);
    rig.window.get_by_label_contains(&cell).click();
    rig.settle();
    let mut commands = Vec::new();
    for _ in 0..600 {
        rig.settle();
        commands.extend(rig.commands());
        if !commands.is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let (_, config, _) = started(commands);
    assert_eq!((config.live.peak_lr, config.init.scale), (0.4, 0.25));
    assert_eq!(config.n_steps, 6);
}

#[test]
fn a_study_that_cannot_be_is_refused_and_one_that_is_stopped_keeps_what_is_done() {
    let home = tempfile::tempdir().unwrap();
    let mut rig = Rig::running(&RunConfig { n_steps: 100_000, ..brief() }, 3);
    open(&mut rig);
    choose_folder(&mut rig, &home.path().join("grid"));
    rig.click("Train 25 runs");
    rig.window.get_by_label_contains("0 of 25 runs done");
    rig.click("Stop");
    rig.wait_for("stopped after 0 of 25 runs");
    rig.click("Another…");
    // A file stands where the folder is to be.
    let file = home.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    choose_folder(&mut rig, &file);
    rig.click("Train 25 runs");
    rig.wait_for("ended after 0 of 25 runs");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}
