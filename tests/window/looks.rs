//! Layout: small windows, menus, and pictures of the window.

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key};
use egui_kittest::kittest::Queryable;
use eoscope::config::RunConfig;
use eoscope::protocol::{Event, RunId};

use crate::rig::{Rig, climb};

#[test]
fn escape_closes_an_open_list() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.get_by_role_and_label(Role::ComboBox, "Pace").click();
    rig.settle();
    rig.window.get_by_label("1 step/s");
    assert!(rig.press(Key::Escape).is_empty());
    assert!(rig.window.query_by_label("1 step/s").is_none());
}

#[test]
fn the_window_looks_as_it_did() {
    let mut rig = Rig::running(&RunConfig::default(), 600);
    // Paused, so no machine-dependent speed is shown.
    rig.say(Event::Paused { run: RunId(1), step: 600 });
    rig.window.ctx.set_theme(egui::Theme::Dark);
    rig.settle();
    rig.window.snapshot("edge-dark");
    rig.window.get_by_role_and_label(Role::Slider, "Scale").set_value_accesskit(3.0);
    rig.settle();
    let mut config = RunConfig::default();
    config.init.scale = 3.0;
    rig.start(RunId(2), &config);
    rig.say(Event::Sampled { run: RunId(2), records: climb(0, 300) });
    rig.say(Event::Paused { run: RunId(2), step: 300 });
    rig.window.ctx.set_theme(egui::Theme::Light);
    rig.settle();
    rig.window.snapshot("ghost-light");
}

/// Everything of the bar and the row below it.
const BAR: [&str; 12] = [
    "Resume",
    "One step",
    "Restart",
    "Export…",
    "View",
    "Fit",
    "Follow",
    "Undo",
    "Redo",
    "Reset",
    "Save preset…",
    "Copy command",
];

#[test]
fn the_bar_is_whole_or_in_its_menu() {
    let mut rig = Rig::running(&RunConfig::default(), 3000);
    rig.say(Event::Paused { run: RunId(1), step: 3000 });
    // The last is 640 × 400 at a scale of 275 %.
    let sizes = [(1440.0, 900.0), (1024.0, 700.0), (800.0, 600.0), (720.0, 450.0), (233.0, 145.0)];
    for (width, height) in sizes {
        rig.window.set_size(egui::vec2(width, height));
        rig.window.run_steps(4);
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(width, height));
        let mut rects: Vec<_> = BAR
            .iter()
            .filter_map(|label| rig.window.query_by_label(label).map(|node| node.rect()))
            .collect();
        for label in ["Preset", "Pace"] {
            let found = rig.window.query_by_role_and_label(Role::ComboBox, label);
            rects.extend(found.map(|node| node.rect()));
        }
        rects.push(rig.window.get_by_label_contains("/ 4000 steps").rect());
        for (i, a) in rects.iter().enumerate() {
            assert!(screen.contains_rect(*a), "{width}: {a:?}");
            assert!(rects[..i].iter().all(|b| !b.shrink(0.5).intersects(*a)), "{width}: {a:?}");
        }
        if let Some(menu) = rig.window.query_by_label("More") {
            menu.click();
            rig.window.run_steps(4);
        }
        for label in BAR.into_iter().chain(["Preset", "Pace"]) {
            assert!(rig.window.query_by_label(label).is_some(), "{label} at {width}");
        }
        if let Some(folder) = std::env::var_os("EOSCOPE_PICTURES") {
            let path = std::path::Path::new(&folder).join(format!("bar-{width}.png"));
            rig.window.render().unwrap().save(path).unwrap();
        }
        rig.press(Key::Escape);
    }
}

#[test]
fn the_preset_menu_shows_its_last_entry() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
    rig.window.run_steps(4);
    let last = eoscope::config::presets().last().unwrap().config.name.as_str();
    let rect = rig.window.get_by_label(last).rect();
    let bar = rig.window.get_by_role_and_label(Role::ComboBox, "Preset").rect();
    // egui limits a menu to 400 points without scrolling.
    assert!(rect.bottom() - bar.bottom() < 390.0, "{rect:?}");
    if std::env::var_os("EOSCOPE_PICTURES").is_some() {
        rig.window.render().unwrap().save("/tmp/w/f-menu.png").unwrap();
    }
}
