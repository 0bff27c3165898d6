//! A person's hands on the window: undo, reset, the starting ratio, keys.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise"
)]

#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use eframe::egui::{self, Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use eoscope::config::RunConfig;
use eoscope::protocol::{Command, Event, RunId};
use rig::{Rig, climb, started};

/// Lets the run take up what was asked, at this step; the learning rates it was asked for.
fn obey(rig: &mut Rig, step: u64) -> Vec<f64> {
    let commands = rig.commands();
    let tuned = commands.into_iter().map(|command| match command {
        Command::Tune { run, live, source } => (run, live, source),
        other => panic!("{other:?}"),
    });
    tuned
        .collect::<Vec<_>>()
        .into_iter()
        .map(|(run, live, source)| {
            let rate = live.peak_lr;
            rig.say(Event::Tuned { run, step, live, source });
            rate
        })
        .collect()
}

fn set(rig: &mut Rig, slider: &str, value: f64) {
    rig.window.get_by_role_and_label(Role::Slider, slider).set_value_accesskit(value);
    rig.settle();
}

#[test]
fn undo_is_a_live_change_of_its_own_with_a_marker_and_redo_takes_it_back() {
    let mut rig = Rig::running(RunConfig::default(), 50);
    let slider = rig.slider("Learning rate");
    rig.drag(slider.center(), slider.center() + egui::vec2(40.0, 0.0));
    let dragged = *obey(&mut rig, 50).last().unwrap();
    rig.say(Event::Sampled { run: RunId(1), records: climb(50, 60) });
    rig.window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    rig.settle();
    assert_eq!(obey(&mut rig, 60), [0.1]);
    let marked = |rig: &Rig| {
        let markers = rig.window.state().current().markers();
        markers.iter().map(|marker| (marker.step, marker.sentence())).collect::<Vec<_>>()
    };
    let seen = marked(&rig);
    assert_eq!((seen.len(), seen[0].0, seen[1].0), (2, 50, 60), "{seen:?}");
    assert!(seen[1].1.ends_with(" → 0.1"), "{seen:?}");
    rig.window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    rig.settle();
    assert_eq!(obey(&mut rig, 60), [dragged]);
    rig.click_unheard("Undo");
    assert_eq!(obey(&mut rig, 60), [0.1]);
    rig.window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    rig.settle();
    assert!(rig.commands().is_empty());
}

#[test]
fn live_changes_stay_undoable_over_a_restart_and_are_forgotten_with_another_preset() {
    let mut rig = Rig::running(RunConfig::default(), 5);
    set(&mut rig, "Learning rate", 0.3);
    obey(&mut rig, 5);
    let (run, config, _) = started(rig.press(Key::R));
    assert_eq!(config.live.peak_lr, 0.3);
    rig.start(run, config);
    rig.click_unheard("Undo");
    assert_eq!(obey(&mut rig, 0), [0.1]);
    rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
    rig.settle();
    started(rig.click("blowup"));
    rig.window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    rig.settle();
    assert!(rig.commands().is_empty());
}

#[test]
fn reset_goes_back_live_or_says_that_it_restarts() {
    let mut config = RunConfig::default();
    config.live.peak_lr = 0.3;
    config.live.clip.mode = eoscope::config::ClipMode::Absolute;
    let mut rig = Rig::running(config.clone(), 5);
    let commands = rig.click("Reset");
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(**live, RunConfig::default().live);
    config.init.scale = 3.0;
    let mut rig = Rig::running(config, 5);
    let (_, config, _) = started(rig.click("Reset (restarts)"));
    assert_eq!(config, RunConfig::default());
    assert_eq!(rig.window.state().ghosts().len(), 1);
}

#[test]
fn typing_the_starting_ratio_sets_the_learning_rate() {
    let mut rig = Rig::running(RunConfig::default(), 5);
    // The first measured λ₁ of the made-up run is 5, its limit 2/η at η = 0.1.
    let commands = rig.type_number("r₀ = η·λ₁(0)/2", "1");
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(live.peak_lr, 0.4);
    let commands = rig.type_number("r₀ = η·λ₁(0)/2", "1e9");
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(live.peak_lr, 100.0);
    assert!(rig.type_number("r₀ = η·λ₁(0)/2", "steep").is_empty());
    rig.window.get_by_label_contains("“steep” is no number");
}
