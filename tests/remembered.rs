//! State stored between launches: user presets, appearance, and the last run.

#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/drawer.rs"]
mod drawer;
#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use drawer::{Drawer, at_home, close};
use eframe::egui::{self, Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use eoscope::config::{RunConfig, preset};
use eoscope::protocol::RunId;
use eoscope::store::PresetFolder;
use rig::{Rig, started};

/// Opens the dialog and types a name into its field.
fn name_preset(rig: &mut Rig, name: &str) {
    rig.window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    rig.settle();
    rig.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    rig.settle();
    rig.window.get_by_role_and_label(Role::TextInput, "Name").type_text(name);
    rig.settle();
}

#[test]
fn settings_are_saved_as_a_preset_and_replacing_one_is_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let folder = PresetFolder::at(home.path().join("presets"));
    let mut rig = at_home(Drawer::default(), &folder);
    rig.window.get_by_role_and_label(Role::Slider, "Learning rate").set_value_accesskit(0.2);
    rig.settle();
    rig.commands();
    name_preset(&mut rig, "My Edge");
    rig.window.get_by_label_contains("use small letters a to z");
    name_preset(&mut rig, "mine");
    rig.click("Save preset");
    rig.wait_for("Saved to");
    // The change made at step 20 is replayed there.
    let changes = folder.list().configs[0].changes.clone();
    assert_eq!((changes[0].step, &changes[0].set["live.peak_lr"]), (20, &0.2.into()));
    rig.click("Save preset");
    rig.window.get_by_label("You have a preset mine already.");
    rig.click("Keep it");
    rig.press(Key::Escape);
    rig.press(Key::Escape);
    rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
    rig.settle();
    let (_, config, _) = started(rig.click("mine"));
    assert_eq!((config.name.as_str(), &config.changes), ("mine", &changes));
    rig.start(RunId(2), &config);
    // A reset restores it.
    rig.window.get_by_label("A preset of your own.");
    rig.window.get_by_role_and_label(Role::Slider, "Learning rate").set_value_accesskit(0.5);
    rig.settle();
    rig.commands();
    let commands = rig.click("Reset");
    let [eoscope::protocol::Command::Tune { live, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(live.peak_lr, 0.1);
}

#[test]
fn a_damaged_preset_is_named_in_the_menu_and_the_others_work() {
    let home = tempfile::tempdir().unwrap();
    let folder = PresetFolder::at(home.path());
    let mine = RunConfig { name: "mine".to_owned(), ..preset("blowup").unwrap().config.clone() };
    folder.save(&mine).unwrap();
    std::fs::write(folder.path("damaged"), "seed = []").unwrap();
    let mut rig = at_home(Drawer::default(), &folder);
    rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
    rig.settle();
    rig.window.get_by_label_contains("damaged.toml");
    assert_eq!(started(rig.click("mine")).1, mine);
}

#[test]
fn set_up_and_last_run_are_remembered_and_damage_is_ignored() {
    let home = tempfile::tempdir().unwrap();
    let folder = PresetFolder::at(home.path());
    let mut rig = at_home(Drawer::default(), &folder);
    for (held, key) in [
        (Modifiers::NONE, Key::T),
        (Modifiers::NONE, Key::T),
        (Modifiers::NONE, Key::Num4),
        (Modifiers::NONE, Key::P),
        (Modifiers::COMMAND, Key::Plus),
    ] {
        rig.window.key_press_modifiers(held, key);
        rig.settle();
    }
    rig.window.get_by_role_and_label(Role::Slider, "Learning rate").set_value_accesskit(0.7);
    rig.settle();
    let drawer = close(&mut rig);

    let mut rig = at_home(drawer.clone(), &folder);
    // The harness forces dark mode, in which high contrast replaces the dark theme.
    let background = rig.window.ctx.style_of(egui::Theme::Dark).visuals.panel_fill;
    assert_eq!((background, rig.window.ctx.zoom_factor()), (egui::Color32::BLACK, 1.1));
    rig.window.get_by_label("Leave Present");
    assert!(rig.window.query_by_role_and_label(Role::ComboBox, "Preset").is_none());
    rig.press(Key::Escape);
    assert!(rig.window.query_by_label_contains("Gradient norm:").is_none());
    // The window opens with the requested run; the last run is offered in the preset menu.
    assert_eq!(rig.window.state().current().initial_config(), &RunConfig::default());
    rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
    rig.settle();
    let (_, config, _) = started(rig.click("Last run (fashion-edge)"));
    assert_eq!(config.changes[0].set["live.peak_lr"], 0.7.into());

    let damaged = Drawer(drawer.0.keys().map(|key| (key.clone(), "][".to_owned())).collect());
    let rig = at_home(damaged, &folder);
    assert_eq!(rig.window.ctx.zoom_factor(), 1.0);
}

/// The title of the plot of step times.
const MOVE_STEP_TIME: &str = "Move Step time (arrow keys)";

#[test]
fn added_plots_and_the_arrangement_are_remembered() {
    let home = tempfile::tempdir().unwrap();
    let folder = PresetFolder::at(home.path());
    let mut rig = at_home(Drawer::default(), &folder);
    rig.run(&RunConfig::default(), 50);
    rig.click("+ Plot");
    rig.window.get_by_role_and_label(Role::TextInput, "Find a plot").focus();
    rig.settle();
    rig.window.get_by_role_and_label(Role::TextInput, "Find a plot").type_text("step time");
    rig.settle();
    rig.click("Step time");
    rig.settle();
    rig.window.get_by_label(MOVE_STEP_TIME);
    // Lecture, which keeps what was added.
    rig.press(Key::A);
    rig.settle();
    assert!(rig.window.query_by_label(MOVE_STEP_TIME).is_none());
    let mut rig = at_home(close(&mut rig), &folder);
    rig.run(&RunConfig::default(), 50);
    assert!(rig.window.query_by_label("Move Gradient norm (arrow keys)").is_none());
    rig.click("View");
    rig.click("Own");
    rig.press(Key::Escape);
    rig.settle();
    rig.window.get_by_label(MOVE_STEP_TIME);
    let mut rig = at_home(close(&mut rig), &folder);
    rig.run(&RunConfig::default(), 50);
    rig.window.get_by_label(MOVE_STEP_TIME);
}

#[test]
fn the_dialog_of_a_preset_can_be_drawn() {
    let home = tempfile::tempdir().unwrap();
    let mut rig = at_home(Drawer::default(), &PresetFolder::at(home.path()));
    rig.window.ctx.set_theme(egui::Theme::Dark);
    name_preset(&mut rig, "mine");
    let image = rig.window.render().unwrap();
    assert!(image.pixels().any(|pixel| pixel != image.get_pixel(0, 0)));
    if let Some(path) = std::env::var_os("EOSCOPE_PICTURES") {
        image.save(std::path::Path::new(&path).join("preset.png")).unwrap();
    }
}

#[test]
fn three_cards_stand_over_the_plots_at_the_first_start_alone() {
    let home = tempfile::tempdir().unwrap();
    let folder = PresetFolder::at(home.path().join("presets"));
    let mut rig = at_home(Drawer::default(), &folder);
    rig.window.get_by_label("λ₁: how sharply the loss curves");
    rig.window.get_by_label_contains("A flat valley");
    rig.click("Next");
    rig.window.get_by_label_contains("2/η for gradient descent");
    rig.click("Next");
    rig.click("Back");
    rig.click("Next");
    rig.window.get_by_label("The edge of stability");
    rig.click("Done");
    assert!(rig.window.query_by_label("First steps").is_none());
    let mut rig = at_home(close(&mut rig), &folder);
    assert!(rig.window.query_by_label("First steps").is_none());
    rig.click("View");
    rig.click("First steps");
    rig.window.get_by_label("1 of 3");
    rig.press(Key::Escape);
    assert!(rig.window.query_by_label("First steps").is_none());
}
