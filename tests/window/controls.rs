//! Controls: what a drag, a typed value or a reset of a setting sends, and what it refuses.

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key};
use egui_kittest::kittest::Queryable;
use eoscope::config::{ClipMode, DatedChange, RunConfig, preset};
use eoscope::protocol::{Command, Event, Paused, RunId, Source};

use crate::rig::{Rig, climb, started};

#[test]
fn dragging_the_learning_rate_tunes_in_one_gesture_and_leaves_one_marker() {
    let mut rig = Rig::running(&RunConfig::default(), 50);
    let slider = rig.slider("Learning rate");
    rig.drag(slider.center(), slider.center() + egui::vec2(40.0, 0.0));
    let tunes = rig.commands();
    assert!(tunes.len() > 1);
    let mut last = None;
    for command in tunes {
        let Command::Tune { run, live, source } = command else { panic!("{command:?}") };
        assert_eq!((run, source), (RunId(1), Source::User(1)));
        last = Some(live.peak_lr);
        rig.say(Event::Tuned { run, step: 50, live, source });
    }
    assert!(last.unwrap() != 0.1);
    let markers = rig.window.state().current().markers();
    assert_eq!(markers.len(), 1);
    assert!(markers[0].sentence().starts_with("Learning rate 0.1 → "));
    rig.drag(slider.center(), slider.center() + egui::vec2(10.0, 0.0));
    let sources: Vec<_> = rig
        .commands()
        .into_iter()
        .map(|command| match command {
            Command::Tune { source, .. } => source,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(!sources.is_empty() && sources.iter().all(|s| *s == Source::User(2)), "{sources:?}");
}

#[test]
fn changing_warmup_late_begins_it_at_the_present_step() {
    let mut rig = Rig::running(&RunConfig::default(), 50);
    rig.window.get_by_role_and_label(Role::Slider, "Warmup").set_value_accesskit(100.0);
    rig.settle();
    let commands = rig.commands();
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!((live.warmup.start, live.warmup.steps), (50, 100));
}

#[test]
fn a_double_click_on_a_name_goes_back_to_the_preset() {
    let mut config = RunConfig::default();
    config.live.peak_lr = 0.3;
    let mut rig = Rig::running(&config, 5);
    let at = rig.window.get_by_role_and_label(Role::Label, "Learning rate").rect().center();
    for _ in 0..2 {
        rig.window.drag_at(at);
        rig.window.drop_at(at);
    }
    rig.settle();
    let commands = rig.commands();
    let [Command::Tune { live, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(live.peak_lr, 0.1);
}

#[test]
fn a_new_initial_scale_starts_again_with_every_live_change_at_its_step_and_keeps_the_run() {
    let rate = |step, peak_lr: f64| DatedChange {
        step,
        set: [("live.peak_lr".to_owned(), peak_lr.into())].into(),
    };
    let mut begun = RunConfig::default();
    begun.add_changes([rate(3000, 0.3)]);
    let mut rig = Rig::running(&begun, 50);
    let live = eoscope::config::LiveSettings { peak_lr: 0.2, ..RunConfig::default().live };
    rig.say(Event::Tuned {
        run: RunId(1),
        step: 50,
        live: Box::new(live),
        source: Source::User(9),
    });
    rig.window.get_by_role_and_label(Role::Slider, "Scale").set_value_accesskit(3.0);
    rig.settle();
    let (run, config, is_paused) = started(rig.commands());
    assert_eq!((run, is_paused), (RunId(2), Paused::No));
    begun.init.scale = 3.0;
    begun.add_changes([rate(50, 0.2)]);
    assert_eq!(config, begun);
    // Late events of the old run go to it only.
    rig.say(Event::Sampled { run: RunId(1), records: climb(50, 60) });
    let app = rig.window.state();
    assert_eq!((app.current().id(), app.current().n_steps()), (RunId(2), 0));
    assert_eq!(app.former_runs()[0].n_steps(), 60);
    rig.click("Runs (2)");
    rig.click("Remove all");
    assert!(rig.window.state().former_runs().is_empty());
}

#[test]
fn dragging_a_restarting_slider_starts_one_run_when_it_is_let_go() {
    let mut rig = Rig::running(&RunConfig::default(), 50);
    let slider = rig.slider("Scale");
    rig.drag(slider.center(), slider.center() + egui::vec2(60.0, 0.0));
    let (_, config, _) = started(rig.commands());
    assert!(config.init.scale > 1.0, "{}", config.init.scale);
}

#[test]
fn every_control_is_reachable_and_the_window_holds_together() {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    config.optimizer.batch = serde_json::from_str("8").unwrap();
    config.optimizer.rule = eoscope::config::Rule::HeavyBall;
    config.live.clip.mode = ClipMode::Relative;
    config.live.schedule.shape = eoscope::config::ScheduleShape::Cosine;
    let mut rig = Rig::running(&config, 300);
    rig.window.set_size(egui::vec2(1280.0, 720.0));
    for section in ["Data", "Network", "Schedule", "Measure"] {
        rig.open_section(section);
    }
    rig.window.get_by_label("Warmup shape").click_accesskit();
    rig.window.run_steps(30);
    rig.window.get_by_role_and_label(Role::Slider, "Eigenvalues").scroll_to_me();
    rig.window.run_steps(30);
    if std::env::var_os("EOSCOPE_PICTURES").is_some() {
        rig.window.render().unwrap().save("/tmp/b-controls.png").unwrap();
    }
    rig.window.get_by_role_and_label(Role::ComboBox, "Precision").scroll_to_me();
    rig.window.run_steps(60);
    for label in
        ["Momentum", "Clip level", "Decay length", "Polynomial degree", "Depth", "Largest width"]
    {
        rig.window.get_by_role_and_label(Role::Slider, label);
    }
    rig.window.get_by_label_contains("limit drawn holds for full batch");
    rig.window.get_by_role_and_label(Role::ComboBox, "Precision").click();
    rig.settle();
    let (_, config, _) = started(rig.click("f32"));
    assert_eq!(config.dtype, eoscope::config::Dtype::F32);
}

#[test]
fn widths_are_typed_and_nonsense_is_refused_with_a_reason() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.open_section("Network");
    for (typed, wanted) in [("64 16", Some(vec![64, 16])), ("32, banana", None)] {
        rig.window.get_by_role_and_label(Role::TextInput, "Hidden layers").focus();
        rig.settle();
        rig.window.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
        rig.settle();
        rig.window.get_by_role_and_label(Role::TextInput, "Hidden layers").type_text(typed);
        rig.settle();
        rig.window.key_press(Key::Enter);
        rig.settle();
        let commands = rig.commands();
        match wanted {
            Some(widths) => assert_eq!(started(commands).1.model.hidden, widths),
            None => assert!(commands.is_empty()),
        }
    }
    rig.window.get_by_label("type widths such as 32, 32 (at most 16 layers of 1 to 4096 units)");
    let field = rig.window.get_by_role_and_label(Role::TextInput, "Hidden layers");
    assert_eq!(field.value().as_deref(), Some("32, banana"));
}

#[test]
fn typing_letters_in_a_field_does_not_drive_the_run() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.open_section("Network");
    rig.window.get_by_role_and_label(Role::TextInput, "Hidden layers").focus();
    rig.settle();
    assert!(rig.press(Key::Space).is_empty());
    assert!(rig.press(Key::R).is_empty());
}

#[test]
fn a_number_field_keeps_its_value_over_nonsense_and_says_so() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    for nonsense in ["banana", "nan"] {
        assert!(rig.type_number("Learning rate", nonsense).is_empty());
        rig.window.get_by_label(&format!("“{nonsense}” is not a number; 0.1 stays"));
    }
    assert_eq!(rig.type_number("Learning rate", "0,3").len(), 1);
    assert!(rig.window.query_by_label_contains("is no number").is_none());
}
