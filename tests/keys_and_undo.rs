//! Keys and controls of the window: undo, reset, the starting ratio, shortcuts.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise"
)]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use eframe::egui::{self, Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::RunConfig;
use eoscope::protocol::{Command, Event, RunEnd, RunId, Solved};
use rig::{Rig, climb, started};

/// Lets the run apply requests at this step; returns the requested learning rates.
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
    let mut rig = Rig::running(&RunConfig::default(), 50);
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
fn live_changes_stay_undoable_over_a_clean_start_and_are_forgotten_with_another_preset() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    set(&mut rig, "Learning rate", 0.3);
    obey(&mut rig, 5);
    rig.window.key_press_modifiers(Modifiers::SHIFT, Key::R);
    rig.settle();
    let (run, config, _) = started(rig.commands());
    assert_eq!(config.live.peak_lr, 0.3);
    rig.start(run, &config);
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
fn a_change_of_a_run_that_is_over_is_told_as_that_of_the_next() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    let changed = "fashion-edge, changed: Learning rate 0.1 → 0.3";
    set(&mut rig, "Learning rate", 0.3);
    assert!(rig.window.query_by_label(changed).is_some());
    obey(&mut rig, 5);
    let changed = "fashion-edge, changed: Learning rate 0.1 → 0.3 at step 5";
    let end = RunEnd::Finished;
    rig.say(Event::Ended { run: RunId(1), step: 6, end });
    assert!(rig.window.query_by_label(changed).is_some());
    set(&mut rig, "Learning rate", 0.5);
    let changed = "Next run: fashion-edge, changed: Learning rate 0.1 → 0.5";
    assert!(rig.window.query_by_label(changed).is_some());
    let (_, config, _) = started(rig.press(Key::R));
    assert_eq!(config.live.peak_lr, 0.5);
}

#[test]
fn reset_goes_back_live_or_says_that_it_restarts() {
    let mut config = RunConfig::default();
    config.live.peak_lr = 0.3;
    config.live.clip.mode = eoscope::config::ClipMode::Absolute;
    let mut rig = Rig::running(&config.clone(), 5);
    let commands = rig.click("Reset");
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(**live, RunConfig::default().live);
    config.init.scale = 3.0;
    let mut rig = Rig::running(&config, 5);
    let (_, config, _) = started(rig.click("Reset (restarts)"));
    assert_eq!(config, RunConfig::default());
    assert_eq!(rig.window.state().former_runs().len(), 1);
}

#[test]
fn typing_the_starting_ratio_sets_the_learning_rate() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.open_section("Schedule");
    // The made-up run has λ₁(0) = 5 and the limit 2/η at η = 0.1.
    let commands = rig.type_number("r₀ = η·λ₁(0)/2", "1");
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(live.peak_lr, 0.4);
    let commands = rig.type_number("r₀ = η·λ₁(0)/2", "1e9");
    assert!(commands.is_empty(), "{commands:?}");
    rig.window.get_by_label_contains("“1e9” is not from ");
    assert!(rig.type_number("r₀ = η·λ₁(0)/2", "steep").is_empty());
    rig.window.get_by_label_contains("“steep” is not a number");
}

/// A window in which every key has an effect: changed, undone, zoomed, enlarged, paused.
fn ready_for_keys() -> Rig {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    rig.say(Event::Paused { run: RunId(1), step: 300 });
    for rate in [0.2, 0.3] {
        set(&mut rig, "Learning rate", rate);
        obey(&mut rig, 300);
    }
    for (held, key) in [
        (Modifiers::COMMAND, Key::Z),
        (Modifiers::NONE, Key::Plus),
        (Modifiers::NONE, Key::ArrowLeft),
        (Modifiers::COMMAND, Key::Plus),
    ] {
        rig.window.key_press_modifiers(held, key);
        rig.settle();
    }
    obey(&mut rig, 300);
    rig
}

/// The run takes a step with an optimizer that scales the Hessian.
fn precondition(rig: &mut Rig) {
    let mut records = climb(300, 301);
    let curvature = records[0].sample.curvature.as_mut().unwrap();
    curvature.preconditioned = Some(Solved { eigenvalue: curvature.top[0], hvps: 8 });
    rig.say(Event::Sampled { run: RunId(1), records });
}

fn key_event(key: Key, pressed: bool, modifiers: Modifiers) -> egui::Event {
    egui::Event::Key { key, physical_key: None, pressed, repeat: false, modifiers }
}

/// Whether a key changes the picture, sends a command, or makes a request to the desktop.
fn acts(rig: &mut Rig, held: Modifiers, key: Key) -> bool {
    let before = rig.window.render().unwrap();
    // One event and one frame: requests to the desktop last for one frame only.
    rig.window.event(key_event(key, true, held));
    let is_asked = (0..3).any(|_| {
        rig.window.step();
        let output = rig.window.output();
        let mut viewports = output.viewport_output.values();
        !output.platform_output.commands.is_empty()
            || viewports.any(|view| {
                let is_full = |c: &_| matches!(c, egui::ViewportCommand::Fullscreen(_));
                view.commands.iter().any(is_full)
            })
    });
    rig.window.event(key_event(key, false, held));
    rig.settle();
    is_asked || !rig.commands().is_empty() || rig.window.render().unwrap() != before
}

#[test]
fn every_key_of_the_table_does_something() {
    let mut n = 0;
    for (held, key, words) in eoscope::ui::keys() {
        let mut rig = ready_for_keys();
        if key == Key::Escape {
            rig.press(Key::Questionmark);
            rig.window.get_by_label("This list");
        }
        if words.starts_with("Preconditioned sharpness") {
            // This run lacks that plot.
            precondition(&mut rig);
        }
        assert!(acts(&mut rig, held, key), "{key:?}: {words}");
        n += 1;
    }
    assert!(n > 30);
    // The check can fail.
    assert!(!acts(&mut ready_for_keys(), Modifiers::NONE, Key::Q));
}

#[test]
fn no_key_acts_while_somebody_types() {
    for (held, key, words) in eoscope::ui::keys() {
        let mut rig = ready_for_keys();
        rig.open_section("Network");
        rig.window.get_by_role_and_label(Role::TextInput, "Hidden layers").focus();
        rig.settle();
        let theme = rig.window.ctx.theme();
        let zoom = rig.window.ctx.zoom_factor();
        rig.window.key_press_modifiers(held, key);
        rig.settle();
        assert!(rig.commands().is_empty(), "{key:?}: {words}");
        assert!(rig.window.query_by_label("This list").is_none());
        assert!(rig.window.query_by_label("Browse…").is_none());
        assert_eq!((rig.window.ctx.theme(), rig.window.ctx.zoom_factor()), (theme, zoom));
    }
}

#[test]
fn the_question_mark_shows_all_keys_and_escape_puts_them_away() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.press(Key::Questionmark);
    for (_, _, words) in eoscope::ui::keys() {
        rig.window.get_all_by_label(words).for_each(drop);
    }
    rig.press(Key::Escape);
    assert!(rig.window.query_by_label("This list").is_none());
}

#[test]
fn arrows_turn_the_learning_rate_and_l_leads_to_its_field() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.press_unheard(Key::ArrowUp);
    rig.press_unheard(Key::ArrowUp);
    rig.press_unheard(Key::ArrowDown);
    assert_eq!(obey(&mut rig, 5), [0.11, 0.12, 0.11]);
    rig.window.event(egui::Event::Text("l".to_owned()));
    rig.press(Key::L);
    rig.window.event(egui::Event::Text("0.4".to_owned()));
    rig.settle();
    rig.press_unheard(Key::Enter);
    assert_eq!(obey(&mut rig, 5), [0.4]);
}

#[test]
fn tab_reaches_every_control_of_the_window() {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    rig.say(Event::Paused { run: RunId(1), step: 300 });
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..220 {
        rig.window.key_press(Key::Tab);
        rig.settle();
        let root = rig.window.root();
        let focused = root.query_by(|node| node.is_focused() && !node.is_disabled());
        seen.extend(focused.map(|node| node.accesskit_node().id()));
    }
    let controls = [Role::Button, Role::Slider, Role::SpinButton, Role::ComboBox, Role::CheckBox];
    let mut n = 0;
    for node in
        rig.window.query_all_by(|node| controls.contains(&node.role()) && !node.is_disabled())
    {
        let node = node.accesskit_node();
        assert!(seen.contains(&node.id()), "{:?} {:?}", node.role(), node.label());
        n += 1;
    }
    assert!(n > 40, "{n}");
}

/// Saves pictures of states of the window for inspection.
#[test]
fn the_states_of_the_window_can_be_drawn() {
    let mut config = RunConfig::default();
    config.live.probe.top_k = 6;
    for (name, keys) in [
        ("dark", vec![]),
        ("light", vec![(Modifiers::NONE, Key::T)]),
        ("contrast", vec![(Modifiers::NONE, Key::T); 2]),
        ("present", vec![(Modifiers::NONE, Key::P)]),
        ("double", vec![(Modifiers::COMMAND, Key::Plus); 10]),
        ("keys", vec![(Modifiers::NONE, Key::Questionmark)]),
    ] {
        let mut rig = Rig::running(&config.clone(), 600);
        rig.window.ctx.set_theme(egui::Theme::Dark);
        set(&mut rig, "Learning rate", 0.12);
        obey(&mut rig, 600);
        rig.say(Event::Sampled { run: RunId(1), records: climb(600, 900) });
        rig.say(Event::Paused { run: RunId(1), step: 900 });
        for (held, key) in keys {
            rig.window.key_press_modifiers(held, key);
            rig.settle();
        }
        let image = rig.window.render().unwrap();
        assert!(image.pixels().any(|pixel| pixel != image.get_pixel(0, 0)), "{name}");
        if let Some(folder) = std::env::var_os("EOSCOPE_PICTURES") {
            image.save(std::path::Path::new(&folder).join(format!("{name}.png"))).unwrap();
        }
    }
}

#[test]
fn letters_beside_the_fields_of_a_dialog_start_nothing() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.click("Export…");
    for key in [Key::R, Key::N, Key::Space, Key::ArrowUp, Key::P, Key::E] {
        assert!(rig.press(key).is_empty(), "{key:?}");
    }
    rig.press(Key::Escape);
    assert!(rig.window.query_by_label("Browse…").is_none());
    assert_eq!(rig.press(Key::Space), [Command::Pause { run: RunId(1) }]);
}
