//! The window, driven by accessible labels without display, thread or sleep: user actions become
//! commands, and events of runs are displayed.

#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise"
)]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use eframe::egui::{self, Key, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{ClipMode, DatedChange, RunConfig, preset};
use eoscope::protocol::{
    Command, Event, Paused, Preparation, RunEnd, RunId, Search, SearchKind, Source,
};
use rig::{Rig, climb, record, started};

fn blowup() -> RunConfig {
    preset("blowup").unwrap().config.clone()
}

#[test]
fn the_window_opens_already_training() {
    let mut rig = Rig::open(RunConfig::default());
    let (run, config, is_paused) = started(rig.commands());
    assert_eq!((run, config, is_paused), (RunId(1), RunConfig::default(), Paused::No));
}

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
fn space_is_answered_within_the_frame_and_the_run_is_paused_once_it_says_so() {
    let run = RunId(1);
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.key_press(Key::Space);
    rig.window.step();
    rig.window.get_by_label("Resume");
    rig.window.get_by_label_contains(" steps, pausing…");
    assert_eq!(rig.commands(), [Command::Pause { run }]);
    // A second press before the confirmation means the opposite.
    assert_eq!(rig.press(Key::Space), [Command::Resume { run }]);
    rig.window.get_by_label_contains(" steps, resuming…");
    rig.say(Event::Paused { run, step: 5 });
    rig.window.get_by_label("Pause");
    rig.say(Event::Resumed { run });
    assert!(rig.window.query_by_label_contains("resuming…").is_none());
    assert_eq!(rig.press(Key::Period), [Command::StepOnce { run }]);
    rig.window.get_by_label_contains(" steps, one step…");
    rig.say(Event::Paused { run, step: 6 });
    rig.window.get_by_label_contains(" steps, paused");
    assert_eq!(rig.click("Resume"), [Command::Resume { run }]);
}

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
fn a_click_is_answered_in_the_frame_after_it() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.get_by_label("Pause").click();
    // Press and release take one frame each; the change is drawn in the next.
    rig.window.run_steps(3);
    rig.window.get_by_label_contains(" steps, pausing…");
    assert_eq!(rig.commands(), [Command::Pause { run: RunId(1) }]);
}

#[test]
fn full_stop_takes_one_step_and_r_restarts_from_the_same_seed() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    assert_eq!(rig.press(Key::Period), [Command::StepOnce { run: RunId(1) }]);
    let commands = rig.press(Key::R);
    assert_eq!(commands[0], Command::Stop { run: RunId(1) });
    let (run, config, _) = started(commands);
    assert_eq!((run, config), (RunId(2), RunConfig::default()));
}

#[test]
fn a_new_initial_scale_starts_again_with_every_live_change_at_its_step_and_keeps_the_ghost() {
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
    // Late events of the old run go to the ghost only.
    rig.say(Event::Sampled { run: RunId(1), records: climb(50, 60) });
    let app = rig.window.state();
    assert_eq!((app.current().id(), app.current().n_steps()), (RunId(2), 0));
    assert_eq!(app.ghosts()[0].n_steps(), 60);
    rig.click("Clear ghosts");
    assert!(rig.window.state().ghosts().is_empty());
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
fn a_preset_from_the_bar_starts_a_run() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
    rig.settle();
    let (_, config, _) = started(rig.click("blowup"));
    assert_eq!(config, blowup());
}

#[test]
fn another_horizontal_axis_is_one_choice_away() {
    let mut rig = Rig::running(&RunConfig::default(), 50);
    let shown = |rig: &Rig| {
        let choice = rig.window.get_by_role_and_label(Role::ComboBox, "Horizontal axis");
        choice.accesskit_node().value()
    };
    assert_eq!(shown(&rig).as_deref(), Some("step"));
    for axis in ["epoch", "effective time Ση"] {
        rig.window.get_by_role_and_label(Role::ComboBox, "Horizontal axis").click();
        rig.settle();
        rig.click(axis);
        assert_eq!(shown(&rig).as_deref(), Some(axis));
    }
    assert!(rig.commands().is_empty(), "the run goes on as it was");
}

fn diverged() -> Rig {
    let mut rig = Rig::running(&blowup(), 3);
    let records = (3..38).map(|s| record(s, 2.0 * 1.2f64.powf(s as f64), 400.0)).collect();
    rig.say(Event::Sampled { run: RunId(1), records });
    let end = RunEnd::Diverged { loss: 3456.0 };
    rig.say(Event::Ended { run: RunId(1), step: 38, end });
    rig
}

#[test]
fn divergence_shows_a_card_whose_buttons_change_one_thing() {
    let mut rig = diverged();
    rig.window.get_by_label(
        "Diverged at step 38: loss 3456; λ₁ has been above the line since step 3 (up to 20 times \
         at step 3).",
    );
    let (_, config, _) = started(rig.click("256 steps of warmup"));
    let mut wanted = blowup();
    wanted.live.warmup.steps = 256;
    assert_eq!(config, wanted);
    assert_eq!(rig.window.state().ghosts().len(), 1);

    let (_, config, _) = started(diverged().click("clipping at 1"));
    assert_eq!((config.live.clip.mode, config.live.clip.value), (ClipMode::Absolute, 1.0));
    let (_, config, _) = started(diverged().click("a third of the scale"));
    assert_eq!(config.init.scale, 1.0);
    let mut rig = diverged();
    assert!(rig.click("Dismiss").is_empty());
    assert!(rig.window.query_by_label("Dismiss").is_none());
}

#[test]
fn a_failed_run_and_a_lost_link_say_so() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    let message = "the data file is damaged; install eoscope again".to_owned();
    let end = RunEnd::Failed { message: message.clone() };
    rig.say(Event::Ended { run: RunId(1), step: 5, end });
    rig.window.get_by_label(&message);
    let Rig { mut window, worker } = rig;
    drop(worker);
    window.run_ok();
    window.get_by_label_contains("start eoscope again to train");
}

#[test]
fn a_full_queue_loses_nothing() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    for _ in 0..300 {
        rig.window.key_press(Key::Period);
        rig.window.step();
    }
    let mut n = rig.commands().len();
    assert_eq!(n, eoscope::protocol::COMMAND_CAPACITY);
    rig.settle();
    n += rig.commands().len();
    assert_eq!(n, 300);
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
    rig.click("Warmup shape");
    rig.window.run_steps(30);
    rig.window.get_by_label("Measurements").scroll_to_me();
    rig.window.run_steps(30);
    rig.click("Measurements");
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
    rig.window.get_by_role_and_label(Role::TextInput, "Hidden layers").focus();
    rig.settle();
    assert!(rig.press(Key::Space).is_empty());
    assert!(rig.press(Key::R).is_empty());
}

#[test]
fn a_paused_window_stays_paused_over_a_new_start() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.say(Event::Paused { run: RunId(1), step: 5 });
    let (_, _, is_paused) = started(rig.press(Key::R));
    assert_eq!(is_paused, Paused::Yes);
}

#[test]
fn what_is_changed_after_the_end_counts_for_the_next_run() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.say(Event::Ended { run: RunId(1), step: 5, end: RunEnd::Finished });
    rig.window.get_by_label_contains("finished");
    rig.window.get_by_role_and_label(Role::Slider, "Learning rate").set_value_accesskit(0.05);
    rig.settle();
    assert!(rig.commands().is_empty());
    let (_, config, _) = started(rig.click("Start"));
    assert_eq!(config.live.peak_lr, 0.05);
}

#[test]
fn the_table_of_runs_tells_the_settings_that_differ() {
    let mut rig = Rig::running(&preset("blowup").unwrap().config.clone(), 20);
    rig.drag(rig.slider("Warmup").left_center(), rig.slider("Warmup").center());
    rig.press(Key::R);
    rig.click("Compare");
    rig.window.get_by_label("run 2 (current)");
    rig.window.get_by_label("Outcome");
    rig.click("Clear ghosts");
    assert!(rig.window.query_by_label("Outcome").is_none(), "nothing is left to compare");
}

#[test]
fn no_more_than_four_ghosts_stay() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    for run in 2..8 {
        rig.press(Key::R);
        rig.start(RunId(run), &RunConfig::default());
        rig.say(Event::Sampled { run: RunId(run), records: climb(0, 5) });
    }
    let ghosts: Vec<_> = rig.window.state().ghosts().iter().map(|run| run.id().0).collect();
    assert_eq!(ghosts, [3, 4, 5, 6]);
    rig.click("Remove run 4: same settings");
    assert_eq!(rig.window.state().ghosts().len(), 3);
}

#[test]
fn the_line_below_the_bar_names_what_differs_from_the_preset() {
    let mut config = RunConfig::default();
    config.live.peak_lr = 0.2;
    let mut rig = Rig::running(&config, 5);
    rig.window.get_by_label("fashion-edge, changed: Learning rate 0.1 → 0.2");
    // Requested and not yet answered.
    rig.window.get_by_role_and_label(Role::Slider, "Learning rate").set_value_accesskit(0.1);
    rig.settle();
    let both = "fashion-edge, changed: Learning rate 0.1 → 0.2, Learning rate 0.2 → 0.1";
    rig.window.get_by_label(both);
}

#[test]
fn every_ghost_has_one_entry_in_the_legend_which_hides_it() {
    let mut rig = Rig::running(&RunConfig::default(), 400);
    for run in 2..5 {
        rig.press(Key::R);
        rig.start(RunId(run), &RunConfig::default());
        rig.say(Event::Sampled { run: RunId(run), records: climb(0, 400 - 100 * (run - 1)) });
    }
    // The visible range ends with the current run, so let it extend past all ghosts.
    rig.say(Event::Sampled { run: RunId(4), records: climb(399, 400) });
    rig.window.ctx.set_theme(egui::Theme::Dark);
    rig.settle();
    let muted = [[0x84, 0x93, 0xa8], [0xb0, 0x94, 0x5f], [0xa5, 0x83, 0xb4]];
    let is_near = |a: &[u8], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 6);
    let count = |rig: &mut Rig| {
        let image = rig.window.render().unwrap();
        muted.map(|color| image.pixels().filter(|pixel| is_near(&pixel.0[..3], color)).count())
    };
    for (i, name) in ["run 1: same settings", "run 2: same settings", "run 3: same settings"]
        .into_iter()
        .enumerate()
    {
        let before = count(&mut rig);
        assert!(before[i] > 60, "{name} {before:?}");
        rig.window.get_by_role_and_label(Role::CheckBox, name).click();
        rig.settle();
        let after = count(&mut rig);
        assert!(after[i] * 2 < before[i], "{name} {before:?} {after:?}");
    }
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

#[test]
fn the_card_of_a_diverged_run_looks_as_it_did() {
    let mut rig = diverged();
    rig.window.ctx.set_theme(egui::Theme::Dark);
    rig.settle();
    rig.window.snapshot("diverged-dark");
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

#[test]
fn the_status_line_begins_with_the_sharpness_against_its_limit() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.say(Event::Sampled { run: RunId(1), records: vec![record(5, 0.5, 20.94)] });
    rig.window.get_by_label("λ₁ 20.9 · limit 20 · ratio 1.05 at step 5");
    rig.window.get_by_role_and_label(Role::SpinButton, "r₀ = η·λ₁(0)/2");
}

#[test]
fn the_bar_fits_small_windows() {
    let mut rig = Rig::running(&RunConfig::default(), 3000);
    rig.say(Event::Paused { run: RunId(1), step: 3000 });
    // The last is 1440 × 900 at a scale of 200 %.
    let sizes = [(1440.0, 900.0), (1024.0, 700.0), (800.0, 600.0), (720.0, 450.0)];
    for (width, height) in sizes {
        rig.window.set_size(egui::vec2(width, height));
        rig.window.run_steps(4);
        let window = &rig.window;
        let mut rects: Vec<_> =
            ["Resume", "One step", "Restart", "Export…", "View", "Fit", "Follow"]
                .map(|label| window.get_by_label(label).rect())
                .into();
        for label in ["Undo", "Redo", "Reset", "Save preset…", "Copy command"] {
            rects.push(window.get_by_label(label).rect());
        }
        for label in ["Preset", "Pace"] {
            rects.push(window.get_by_role_and_label(Role::ComboBox, label).rect());
            rects.push(window.get_by_role_and_label(Role::Label, label).rect());
        }
        rects.push(window.get_by_label_contains("/ 4000 steps").rect());
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(width, height));
        for (i, a) in rects.iter().enumerate() {
            assert!(screen.contains_rect(*a), "{width}: {a:?}");
            assert!(rects[..i].iter().all(|b| !b.shrink(0.5).intersects(*a)), "{width}: {a:?}");
        }
        if std::env::var_os("EOSCOPE_PICTURES").is_some() {
            let path = format!("/tmp/w/f-bar-{width}.png");
            rig.window.render().unwrap().save(path).unwrap();
        }
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

#[test]
fn the_command_that_trains_a_run_again_is_copied() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.window.get_by_label("Copy command").click();
    // Clipboard requests of a frame are gone in the next one.
    let text = (0..4).find_map(|_| {
        rig.window.step();
        let commands = &rig.window.output().platform_output.commands;
        commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    });
    let text = text.expect("a text on the clipboard");
    assert!(text.starts_with("eoscope fashion-edge --seed "), "{text}");
}

#[test]
fn a_search_for_a_rate_is_asked_for_shown_and_used() {
    let mut rig = Rig::running(&RunConfig::default(), 20);
    rig.window.get_by_label("Find η₀").click();
    rig.window.run_steps(3);
    let kind = SearchKind::FirstRate;
    assert_eq!(rig.commands(), [Command::Search { run: RunId(1), kind }]);
    // One at a time, and the reason is shown.
    for button in ["Find η₀", "Range test"] {
        let button = rig.window.get_by_role_and_label(Role::Button, button);
        assert!(button.accesskit_node().is_disabled());
    }
    assert!(rig.window.query_by_label_contains("the run waits").is_some());
    let points = vec![[1e-2, 0.9], [1e-1, 0.7], [1.0, 3.0]];
    let found = Some(0.123_4);
    let search = Search { kind, start_loss: 1.0, points, found, suggested: found, steepest: None };
    rig.say(Event::Searched { run: RunId(1), step: 20, search: Box::new(search) });
    rig.window.run_steps(3);
    assert!(rig.window.query_by_label("Find η₀ from step 20").is_some());
    assert!(rig.window.query_by_label_contains("lowers the loss up to η = 0.123").is_some());
    rig.window.get_by_label("Use 0.123").click();
    rig.window.run_steps(3);
    let commands = rig.commands();
    let [Command::Tune { live, source, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!((live.peak_lr, *source), (0.123, Source::User(1)));
    let (live, source) = (live.clone(), *source);
    rig.say(Event::Tuned { run: RunId(1), step: 20, live, source });
    let told = rig.window.state().current().markers()[0].sentence();
    assert_eq!(told, "Learning rate 0.1 → 0.123");
    let button = rig.window.get_by_role_and_label(Role::Button, "Range test");
    assert!(!button.accesskit_node().is_disabled());
    rig.window.key_press(Key::Escape);
    rig.window.run_steps(3);
    assert!(rig.window.query_by_label("Find η₀ from step 20").is_none());
}

#[test]
fn the_tuning_of_weights_is_shown_while_it_goes_on_and_can_be_ended_and_looked_at_again() {
    let mut rig = Rig::open(preset("gradinit").unwrap().config.clone());
    let (run, config, _) = started(rig.commands());
    rig.start(run, &config);
    let names: std::sync::Arc<[String]> =
        ["layer0.weight", "layer1.weight"].map(str::to_owned).into();
    let record = |iteration: u64, n_iterations: u64| Preparation {
        iteration,
        n_iterations,
        objective: 50.0 / (iteration + 1) as f64,
        grad_norm: Some(20.0 / (iteration + 1) as f64),
        names: names.clone(),
        sizes: vec![1.0 / (iteration + 1) as f64, 1.0],
    };
    let records = (0..124).map(|iteration| record(iteration, 390)).collect();
    rig.say(Event::Prepared { run, records });
    let progress = "GradInit 123/390 · loss after a step / η 0.403 · gradient norm 0.161";
    // In both the status line and the view.
    assert_eq!(rig.window.query_all_by_label(progress).count(), 2);
    assert_eq!(rig.click("Cancel"), [Command::CutPreparation { run }]);
    rig.say(Event::PreparationCut { run, n_iterations: 124 });
    rig.say(Event::Prepared { run, records: vec![record(124, 124)] });
    assert!(rig.window.query_by_label("Cancel").is_none(), "the view closes as training begins");
    rig.say(Event::Sampled { run, records: climb(0, 5) });
    assert_eq!(rig.press(Key::G), []);
    rig.window.get_by_label("Stopped by the user after 124 iterations.");
    rig.press(Key::Escape);
    assert!(rig.window.query_by_label("Stopped by the user after 124 iterations.").is_none());
    rig.click("View");
    rig.click("Preparation (G)");
    rig.window.get_by_label("Stopped by the user after 124 iterations.");
    assert_eq!(rig.window.state().current().replay().init.tuning_steps, 124);
}

#[test]
fn the_view_of_a_run_without_tuning_says_so() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.press(Key::G);
    rig.window
        .get_by_label("The weights of this run start as they were drawn; “Tuning” adjusts them.");
    rig.click("View");
    assert!(rig.window.query_by_label("Preparation (G)").is_none());
}
