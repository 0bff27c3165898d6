//! The drawer of runs: names, eyes, pins, families, removal with undo, and one colour for a run
//! everywhere.

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key, Rect};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{Loss, RunConfig};
use eoscope::protocol::{Event, Record, RunEnd, RunId};

use crate::plot_sizes::{resize, share};
use crate::rig::{Rig, climb, record, started};

/// A window in which runs with these configurations began one after the other.
fn runs(configs: &[RunConfig]) -> Rig {
    let mut rig = Rig::running(&configs[0], 60);
    for (at, config) in configs.iter().enumerate().skip(1) {
        begin(&mut rig, at as u64 + 1, config);
    }
    rig
}

/// Restarts, and lets the new run have another configuration.
fn begin(rig: &mut Rig, run: u64, config: &RunConfig) {
    rig.press(Key::R);
    rig.start(RunId(run), config);
    rig.say(Event::Sampled { run: RunId(run), records: climb(0, 60 + 10 * run) });
}

fn drawn(rig: &Rig) -> Vec<String> {
    rig.window.state().drawn_runs().into_iter().map(str::to_owned).collect()
}

fn former(rig: &Rig) -> Vec<u64> {
    rig.window.state().former_runs().iter().map(|run| run.id().0).collect()
}

/// The names in the drawer, from top to bottom.
fn names(rig: &Rig) -> Vec<String> {
    let fields = rig.window.query_all_by_role(Role::TextInput);
    let mut named: Vec<(f32, String)> = fields
        .filter(|node| node.accesskit_node().label().is_some_and(|l| l.starts_with("Name of ")))
        .map(|node| (node.rect().top(), node.accesskit_node().value().unwrap()))
        .collect();
    named.sort_by(|a, b| a.0.total_cmp(&b.0));
    named.into_iter().map(|(_, name)| name).collect()
}

fn rename(rig: &mut Rig, name: &str, typed: &str) {
    rig.click(&format!("Name of {name}"));
    rig.window.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    rig.window.event(egui::Event::Text(typed.to_owned()));
    rig.settle();
    rig.window.key_press(Key::Enter);
    rig.settle();
}

fn plain(n: usize) -> Vec<RunConfig> {
    vec![RunConfig::default(); n]
}

#[test]
fn a_ninth_run_waits_with_a_reason_and_the_forty_first_goes_with_a_word() {
    let mut rig = runs(&plain(10));
    rig.press(Key::D);
    assert_eq!((former(&rig).len(), drawn(&rig).len()), (9, 8));
    assert!(rig.window.query_by_label_contains("not drawn: 8 others are").is_some());
    for run in 11..=41 {
        begin(&mut rig, run, &RunConfig::default());
    }
    assert_eq!(former(&rig).len(), 40);
    assert!(rig.window.query_by_label_contains("left the drawer of runs").is_none());
    begin(&mut rig, 42, &RunConfig::default());
    assert_eq!(former(&rig), (2..=41).collect::<Vec<_>>());
    rig.window.get_by_label_contains("“fashion-edge” left the drawer of runs, which keeps 40 runs");
    rig.click("Dismiss");
    assert!(rig.window.query_by_label_contains("left the drawer of runs").is_none());
}

#[test]
fn names_stay_as_they_were_given_until_the_user_changes_them() {
    let mut rig = Rig::running(&RunConfig::default(), 60);
    rig.press(Key::D);
    assert_eq!(names(&rig), ["fashion-edge"]);
    rig.window.get_by_role_and_label(Role::Slider, "Scale").set_value_accesskit(3.0);
    rig.settle();
    let (_, config, _) = started(rig.commands());
    rig.start(RunId(2), &config);
    rig.say(Event::Sampled { run: RunId(2), records: climb(0, 60) });
    assert_eq!(names(&rig), ["Scale 3", "fashion-edge"]);
    begin(&mut rig, 3, &config);
    assert_eq!(names(&rig), ["Scale 3 (2)", "Scale 3", "fashion-edge"]);
    rename(&mut rig, "Scale 3", "three times");
    assert_eq!(names(&rig), ["Scale 3 (2)", "three times", "fashion-edge"]);
    rig.window.get_by_role_and_label(Role::CheckBox, "three times");
    // A name that is left empty, or with Esc, stays.
    rename(&mut rig, "three times", "  ");
    rig.click("Name of three times");
    rig.window.event(egui::Event::Text("other".to_owned()));
    rig.settle();
    rig.press(Key::Escape);
    assert_eq!(names(&rig)[1], "three times");
}

#[test]
fn runs_of_another_family_wait_until_their_eye_is_opened() {
    let other = RunConfig { loss: Loss::CrossEntropy, ..RunConfig::default() };
    let mut same = RunConfig::default();
    same.model.hidden = vec![8];
    let mut rig = runs(&[other, same, RunConfig::default()]);
    rig.press(Key::D);
    assert_eq!(drawn(&rig).len(), 1, "another network is compared, another loss is not");
    rig.window.get_by_label("Of another task, size or loss (1)");
    let name = names(&rig).pop().unwrap();
    rig.click(&format!("Draw {name}"));
    assert_eq!(drawn(&rig).len(), 2);
    rig.click(&format!("Hide {name}"));
    assert_eq!(drawn(&rig).len(), 1);
    assert_eq!(former(&rig).len(), 2, "a hidden run stays");
}

#[test]
fn a_removed_run_comes_back_with_its_name_and_its_place() {
    let mut rig = runs(&plain(4));
    rig.press(Key::D);
    rename(&mut rig, "fashion-edge (2)", "calm");
    rig.click("Remove calm");
    assert_eq!(former(&rig), [1, 3]);
    assert!(rig.window.query_by_role_and_label(Role::CheckBox, "calm").is_none());
    // What happens to the run meanwhile is not lost.
    rig.say(Event::Ended { run: RunId(2), step: 81, end: RunEnd::Stopped });
    rig.click("Bring back “calm”");
    assert_eq!(former(&rig), [1, 2, 3]);
    rig.window.get_by_role_and_label(Role::CheckBox, "calm");
    rig.window.get_by_label("stopped at step 81");
    rig.window.key_press_modifiers(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, Key::Z);
    rig.settle();
    assert_eq!(former(&rig), [1, 3], "redo");
    rig.click("Pin fashion-edge");
    rig.click("Remove all");
    assert_eq!(former(&rig), [1]);
    for _ in 0..2 {
        rig.window.key_press_modifiers(egui::Modifiers::COMMAND, Key::Z);
        rig.settle();
    }
    assert_eq!(former(&rig), [1, 2, 3]);
    assert!(rig.commands().is_empty(), "no run was touched");
}

#[test]
fn a_former_run_becomes_the_current_one_and_restarts_with_its_settings() {
    let mut small = RunConfig::default();
    small.model.hidden = vec![8];
    let mut rig = runs(&[small.clone(), RunConfig::default()]);
    rig.say(Event::Ended { run: RunId(1), step: 60, end: RunEnd::Stopped });
    rig.press(Key::D);
    let name = drawn(&rig).pop().unwrap();
    rig.click(&format!("Make {name} current"));
    assert_eq!(rig.window.state().current().id(), RunId(1));
    assert_eq!(former(&rig), [2]);
    let (_, config, _) = started(rig.press(Key::R));
    assert_eq!(config.model, small.model);
}

#[test]
fn the_name_of_a_run_is_that_of_the_exported_picture() {
    let mut rig = runs(&plain(2));
    rig.press(Key::D);
    rename(&mut rig, "fashion-edge (2)", "the calm one");
    rig.press(Key::E);
    let title = rig.window.query_all_by_role(Role::TextInput);
    let mut texts = title.filter_map(|node| node.accesskit_node().value());
    assert!(texts.any(|text| text == "the calm one"));
}

/// The pixels in a part of the picture that have this colour.
fn count(image: &image::RgbaImage, part: Rect, color: [u8; 3]) -> usize {
    let inside = image
        .enumerate_pixels()
        .filter(|(x, y, _)| part.contains(egui::pos2(*x as f32, *y as f32)));
    let is_near =
        |pixel: &image::Rgba<u8>| pixel.0.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 6);
    inside.filter(|(_, _, pixel)| is_near(pixel)).count()
}

/// Curves of a run, a little above those of the runs before.
fn level(run: u64) -> Vec<Record> {
    let at = |step: u64| {
        let (t, above) = (step as f64, run as f64);
        record(step, 0.5 * (-t / 120.0).exp() + 0.05 * above, 5.0 + 0.1 * t + above)
    };
    (0..100).map(at).collect()
}

#[test]
fn a_run_has_one_colour_in_the_drawer_and_in_every_plot() {
    let config = RunConfig::default();
    let mut rig = Rig::open(config.clone());
    rig.start(RunId(1), &config);
    rig.say(Event::Sampled { run: RunId(1), records: level(1) });
    for run in 2..4 {
        rig.press(Key::R);
        rig.start(RunId(run), &config);
        rig.say(Event::Sampled { run: RunId(run), records: level(run) });
    }
    rig.window.ctx.set_theme(egui::Theme::Dark);
    rig.press(Key::D);
    let drawer = Rect::from_min_max(egui::pos2(1172.0, 80.0), egui::pos2(1440.0, 860.0));
    let panels = |rig: &Rig| {
        ["Sharpness:", "Loss:", "Gradient norm:"].map(|title| {
            let mut images = rig.window.query_all_by_role(Role::Image);
            let is_it = |node: &egui_kittest::Node<'_>| {
                node.accesskit_node().label().is_some_and(|label| label.starts_with(title))
            };
            images.find(is_it).unwrap().rect()
        })
    };
    let places = |rig: &Rig| panels(rig).into_iter().chain([drawer]);
    let colors = [[0x56, 0xb4, 0xe9], [0x3c, 0xc4, 0x8a], [0xd4, 0x7a, 0xd8]];
    let image = rig.window.render().unwrap();
    for place in places(&rig) {
        for color in colors {
            assert!(count(&image, place, color) > 20, "{color:?} in {place:?}");
        }
    }
    // Without the first run, the second keeps its colour.
    rig.click("Remove fashion-edge");
    let image = rig.window.render().unwrap();
    for place in places(&rig) {
        assert_eq!(count(&image, place, colors[1]), 0, "{place:?}");
        assert!(count(&image, place, colors[2]) > 20, "{place:?}");
    }
}

#[test]
fn the_drawer_leaves_the_sharpness_plot_its_share_and_looks_as_it_did() {
    let mut other = RunConfig { loss: Loss::CrossEntropy, ..RunConfig::default() };
    other.live.peak_lr = 0.05;
    let mut configs = plain(5);
    configs[1] = other;
    let mut rig = runs(&configs);
    rig.say(Event::Ended { run: RunId(3), step: 90, end: RunEnd::Diverged { loss: 3456.0 } });
    rig.say(Event::Paused { run: RunId(5), step: 110 });
    rig.window.ctx.set_theme(egui::Theme::Dark);
    rig.press(Key::D);
    for size in [[1024.0, 700.0], [1440.0, 900.0], [1920.0, 1080.0]] {
        let screen = resize(&mut rig, size, 100);
        assert!(share(&rig, screen) >= 0.3, "{size:?}: {}", share(&rig, screen));
        rig.window.snapshot(format!("drawer-{}", size[0]));
    }
    rig.press(Key::Escape);
    assert!(names(&rig).is_empty(), "Esc closes it");
}
