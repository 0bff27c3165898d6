//! Files written by the window's export dialog: pictures, numbers, paths, and questions before
//! replacing.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use eframe::egui::{self, Key, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{RunConfig, preset};
use eoscope::protocol::{Event, RunId, Source};
use eoscope::store::StartFile;
use rig::{Rig, climb};

/// Exports a kind of file to this path.
fn export_to(rig: &mut Rig, what: &str, path: &std::path::Path) {
    rig.click("Export…");
    rig.click(what);
    save_as(rig, path);
}

/// Names the file in the open dialog and saves it.
fn save_as(rig: &mut Rig, path: &std::path::Path) {
    rig.window.get_by_role_and_label(Role::TextInput, "File").focus();
    rig.settle();
    rig.window.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    rig.settle();
    let field = rig.window.get_by_role_and_label(Role::TextInput, "File");
    field.type_text(path.to_str().unwrap());
    rig.settle();
    rig.click("Save");
}

/// The rows of a table below its comments and its header.
fn rows(text: &str) -> Vec<&str> {
    let mut lines = text.lines().skip_while(|line| line.starts_with('#'));
    assert!(lines.next().unwrap().contains("step,"), "{text}");
    lines.collect()
}

#[test]
fn whatever_is_exported_repeats_its_run_with_the_changes_made_live() {
    let folder = tempfile::tempdir().unwrap();
    let config = RunConfig::default();
    let mut rig = Rig::running(&config, 20);
    let mut live = config.live.clone();
    live.peak_lr = 0.3;
    let (live, source) = (Box::new(live), Source::User(1));
    rig.say(Event::Tuned { run: RunId(1), step: 20, live, source });
    rig.say(Event::Sampled { run: RunId(1), records: climb(20, 30) });
    for (what, name) in [
        ("Numbers of the current run (CSV)", "run.csv"),
        ("Picture of the plots (PNG)", "run.png"),
        ("Picture of the plots (SVG)", "run.svg"),
    ] {
        let path = folder.path().join(name);
        export_to(&mut rig, what, &path);
        rig.wait_for("Saved to");
        rig.press(Key::Escape);
        let start = StartFile::read(&path).unwrap().choose(None).unwrap();
        let [change] = &start.config.changes[..] else { panic!("{name}: {:?}", start.config) };
        assert_eq!((change.step, start.notices.len()), (20, 0), "{name}");
        let begun = RunConfig { changes: Vec::new(), ..start.config.clone() };
        assert_eq!(begun, config, "{name}");
        assert_eq!(change.applied_to(&config.live).unwrap().peak_lr, 0.3, "{name}");
    }
}

#[test]
fn the_export_dialog_writes_numbers_and_asks_before_it_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.csv");
    let mut rig = Rig::running(&RunConfig::default(), 20);
    export_to(&mut rig, "Numbers of the current run (CSV)", &path);
    rig.wait_for("Saved to");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(rows(&text).len(), 20, "{text}");
    rig.say(Event::Sampled { run: RunId(1), records: climb(20, 30) });
    rig.click("Save");
    rig.wait_for("exists already");
    assert_eq!(rows(&std::fs::read_to_string(&path).unwrap()).len(), 20);
    rig.click("Replace it");
    rig.wait_for("Saved to");
    assert_eq!(rows(&std::fs::read_to_string(&path).unwrap()).len(), 30);
}

#[test]
fn the_export_dialog_writes_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plots.png");
    let mut rig = Rig::running(&RunConfig::default(), 20);
    export_to(&mut rig, "Picture of the plots (PNG)", &path);
    rig.wait_for("Saved to");
    let picture = image::open(&path).unwrap();
    assert_eq!((picture.width(), picture.height()), (1800, 1400));
}

#[test]
fn a_zoomed_window_still_exports_all_steps_unless_told_otherwise() {
    let mut rig = Rig::running(&RunConfig::default(), 50);
    rig.window.hover_at(egui::pos2(900.0, 500.0));
    rig.settle();
    rig.window.event(egui::Event::Zoom(2.0));
    rig.window.run_steps(10);
    rig.click("Export…");
    let is_chosen = |rig: &Rig, label: &str| {
        let node = rig.window.get_by_label(label);
        node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(is_chosen(&rig, "All steps") && !is_chosen(&rig, "Current view"));
    rig.click("Current view");
    assert!(is_chosen(&rig, "Current view"));
}

#[test]
fn an_open_dialog_goes_with_the_run_but_keeps_what_a_person_wrote() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    rig.click("Export…");
    let text = |rig: &Rig, label: &str| {
        let field = rig.window.get_by_role_and_label(Role::TextInput, label);
        field.accesskit_node().value().unwrap()
    };
    let caption = "Caption of the picture";
    let tune = |rig: &mut Rig, run: RunId, rate: f64| {
        let mut live = RunConfig::default().live;
        live.peak_lr = rate;
        let (live, source) = (Box::new(live), Source::User(1));
        rig.say(Event::Tuned { run, step: 5, live, source });
        rig.settle();
    };
    assert!(!text(&rig, caption).contains("0.3"));
    assert!(text(&rig, "File").ends_with("run1.png"));
    tune(&mut rig, RunId(1), 0.3);
    assert!(text(&rig, caption).contains("0.3"), "{}", text(&rig, caption));
    // Another run.
    let (run, config, _) = rig::started(rig.click("Restart"));
    rig.start(run, &config);
    rig.say(Event::Sampled { run, records: climb(0, 5) });
    rig.settle();
    assert!(text(&rig, "File").ends_with("run2.png"));
    rig.window.get_by_role_and_label(Role::TextInput, caption).focus();
    rig.settle();
    rig.window.get_by_role_and_label(Role::TextInput, caption).type_text("Mine. ");
    rig.settle();
    tune(&mut rig, run, 0.7);
    let kept = text(&rig, caption);
    assert!(kept.contains("Mine.") && !kept.contains("0.7"), "{kept}");
}

#[test]
fn the_export_dialog_makes_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing/run.csv");
    let mut rig = Rig::running(&RunConfig::default(), 5);
    export_to(&mut rig, "Numbers of the current run (CSV)", &path);
    rig.wait_for("does not exist; create it or choose another");
    assert!(!path.parent().unwrap().exists());
}

#[test]
fn the_table_of_all_runs_names_them_as_the_window_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.csv");
    let blowup = preset("blowup").unwrap().config.clone();
    let mut rig = Rig::running(&blowup, 5);
    let mut warmed = blowup;
    warmed.live.warmup.steps = 256;
    rig.press(Key::R);
    rig.start(RunId(2), &warmed);
    rig.say(Event::Sampled { run: RunId(2), records: climb(0, 5) });
    export_to(&mut rig, "Numbers of all runs shown (CSV)", &path);
    rig.wait_for("Saved to");
    let text = std::fs::read_to_string(&path).unwrap();
    let former = rows(&text)[0].split(',').next().unwrap().to_owned();
    assert_eq!(former, "blowup");
    assert!(rig.window.query_all_by_label(&former).next().is_some(), "in the legend");
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("blowup (2),blowup live.warmup.steps=256,"), "{last}");
}

/// The path in the field.
fn path(rig: &Rig) -> std::path::PathBuf {
    let field = rig.window.get_by_role_and_label(Role::TextInput, "File");
    field.accesskit_node().value().unwrap().into()
}

#[test]
fn enter_saves_and_each_kind_has_its_folder_and_name() {
    let (talk, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut rig = Rig::running(&RunConfig::default(), 20);
    export_to(&mut rig, "Picture of the plots (SVG)", &talk.path().join("edge.svg"));
    rig.wait_for("Saved to");
    rig.press(Key::Escape);
    export_to(&mut rig, "Numbers of the current run (CSV)", &data.path().join("edge.csv"));
    rig.wait_for("Saved to");
    rig.press(Key::Escape);
    rig.click("Export…");
    assert!(path(&rig).ends_with("eoscope-fashion-edge-run1.png"), "{}", path(&rig).display());
    rig.click("Picture of the plots (SVG)");
    assert_eq!(path(&rig), talk.path().join("edge-2.svg"));
    rig.click("Numbers of the current run (CSV)");
    assert_eq!(path(&rig), data.path().join("edge-2.csv"));
    // From the choice that has the focus.
    rig.window.get_by_label("Numbers of the current run (CSV)").focus();
    rig.settle();
    rig.window.key_press(Key::Enter);
    rig.wait_for("Saved to");
    assert!(data.path().join("edge-2.csv").is_file());
    // In a text, Enter begins a line.
    rig.click("Picture of the plots (SVG)");
    rig.window.get_by_role_and_label(Role::TextInput, "Caption of the picture").focus();
    rig.settle();
    rig.window.key_press(Key::Enter);
    rig.settle();
    assert!(!talk.path().join("edge-2.svg").exists());
    rig.window.get_by_role_and_label(Role::TextInput, "File").focus();
    rig.settle();
    rig.window.key_press(Key::Enter);
    rig.wait_for("Saved to");
    assert!(talk.path().join("edge-2.svg").is_file());
}

#[test]
fn nothing_in_the_dialog_moves_when_a_kind_is_chosen_or_a_message_appears() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::running(&RunConfig::default(), 20);
    rig.click("Export…");
    let places = |rig: &Rig| {
        let labels = ["Save", "Copy picture", "Browse…", "Slide", "Light, for paper"];
        labels.map(|label| rig.window.get_by_label(label).rect())
    };
    let before = places(&rig);
    for what in ["Numbers of the current run (CSV)", "Picture of the plots (SVG)"] {
        rig.click(what);
        assert_eq!(places(&rig), before, "{what}");
    }
    rig.press(Key::Escape);
    export_to(&mut rig, "Picture of the plots (SVG)", &folder.path().join("none/edge.svg"));
    rig.wait_for("does not exist");
    assert_eq!(places(&rig), before);
}

#[test]
fn a_slide_has_the_size_of_a_screen_and_large_type() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::running(&RunConfig::default(), 20);
    rig.click("Export…");
    rig.click("Slide");
    let path = folder.path().join("slide.png");
    save_as(&mut rig, &path);
    rig.wait_for("Saved to");
    let picture = image::open(&path).unwrap();
    assert_eq!((picture.width(), picture.height()), (1920, 1080));
    if let Some(folder) = std::env::var_os("EOSCOPE_PICTURES") {
        std::fs::copy(&path, std::path::Path::new(&folder).join("slide.png")).unwrap();
    }
}
