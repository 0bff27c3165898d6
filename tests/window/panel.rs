//! The panel of controls: its sections, what is visible of it without scrolling, the limit on the
//! slider of the learning rate, and the box that finds a control.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::RunConfig;
use eoscope::protocol::{Event, RunId};

use crate::plot_sizes::{picture, resize};
use crate::rig::{Rig, record, started};

/// A run whose last measurement has a largest stable rate.
pub(crate) fn limited(rate: f64) -> Rig {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    let mut newest = record(300, 0.1, 2.0 / rate);
    newest.sample.largest_stable_rate = Some(rate);
    rig.say(Event::Sampled { run: RunId(1), records: vec![newest] });
    rig.say(Event::Paused { run: RunId(1), step: 301 });
    rig
}

/// The places of what a first lecture needs.
fn needed(rig: &Rig) -> Vec<(String, Rect)> {
    let mut places = Vec::new();
    for (role, label) in [
        (Role::Slider, "Learning rate"),
        (Role::SpinButton, "Learning rate"),
        (Role::ComboBox, "Optimizer"),
        (Role::Slider, "Warmup"),
        (Role::ComboBox, "Clipping"),
        (Role::ComboBox, "Initialization"),
        (Role::Slider, "Scale"),
        (Role::Button, "Resume"),
        (Role::Button, "Restart"),
    ] {
        let rect = rig.window.get_by_role_and_label(role, label).rect();
        places.push((label.to_owned(), rect));
    }
    for header in
        ["Data, closed", "Network, closed", "Start, open", "Schedule, closed", "Measure, closed"]
    {
        places.push((header.to_owned(), rig.window.get_by_label_contains(header).rect()));
    }
    places
}

#[test]
fn nothing_that_a_first_lecture_needs_is_below_the_fold() {
    let mut rig = limited(0.0978);
    let screen = resize(&mut rig, [1440.0, 900.0], 100);
    let status = rig.window.get_by_label_contains("HVPs").rect();
    for (what, place) in needed(&rig) {
        assert!(screen.contains_rect(place) && place.bottom() < status.top(), "{what}: {place:?}");
    }
    for size in [[1024.0, 700.0], [1440.0, 900.0], [1920.0, 1080.0]] {
        resize(&mut rig, size, 100);
        picture(&mut rig, &format!("panel-{}", size[0]));
    }
}

#[test]
fn a_section_opens_and_closes_and_says_closed_what_is_set() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.get_by_label("Network, closed: mlp · 32-32 · tanh · no norm").click();
    rig.settle();
    rig.window.get_by_role_and_label(Role::TextInput, "Hidden layers");
    rig.window.get_by_label_contains("Network, open").click();
    rig.settle();
    assert!(rig.window.query_by_role_and_label(Role::TextInput, "Hidden layers").is_none());
    // A key that goes to a control opens its section.
    rig.window.get_by_label_contains("Start, open").click();
    rig.settle();
    assert!(rig.window.query_by_role_and_label(Role::Slider, "Scale").is_none());
    rig.press(Key::I);
    rig.window.get_by_role_and_label(Role::Slider, "Scale");
}

#[test]
fn the_limit_is_on_the_slider_of_the_learning_rate_with_its_step() {
    let mut rig = limited(0.0978);
    rig.window.get_by_label("limit 0.0978 at step 300");
    let slider = rig.slider("Learning rate");
    let before = rig.window.render().unwrap();
    rig.window.hover_at(slider.center());
    rig.window.run_steps(60);
    rig.window.get_by_label_contains("The line is the largest stable η now, 0.0978");
    let mut other = limited(0.5);
    assert_ne!(before, other.window.render().unwrap(), "the line is elsewhere");
    let bare = Rig::running(&RunConfig::default(), 5);
    bare.window.get_by_label_contains("no limit: ");
}

#[test]
fn a_control_is_found_by_word_in_any_section_and_escape_shows_all_again() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    rig.settle();
    let field = "Find a control";
    rig.window.get_by_role_and_label(Role::TextInput, field).type_text("momentum");
    rig.settle();
    // Nothing reads it, and the panel says why.
    let slider = rig.window.get_by_role_and_label(Role::Slider, "Momentum");
    assert!(slider.accesskit_node().is_disabled());
    rig.window.get_by_label_contains("The rule gradient-descent has no momentum");
    assert!(rig.window.query_by_role_and_label(Role::Slider, "Warmup").is_none());
    picture(&mut rig, "panel-find");
    rig.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    rig.settle();
    rig.window.get_by_role_and_label(Role::TextInput, field).type_text("biases");
    rig.settle();
    rig.window.get_by_role_and_label(Role::CheckBox, "Biases").click();
    rig.settle();
    assert!(!started(rig.commands()).1.model.bias);
    rig.window.get_by_role_and_label(Role::TextInput, field).focus();
    rig.settle();
    rig.press(Key::Escape);
    assert!(rig.window.query_by_role_and_label(Role::TextInput, field).is_none());
    rig.window.get_by_role_and_label(Role::Slider, "Warmup");
}
