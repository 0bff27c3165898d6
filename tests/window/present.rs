//! Present: the plots, one sentence and a strip of controls at every size, and the ways in and out.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Rect, pos2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::{ClipMode, RunConfig};
use eoscope::protocol::{Command, Event, RunEnd, RunId};

use crate::plot_sizes::{SCALES, SIZES, picture, resize, share, sharpness};
use crate::rig::{Rig, started};

/// The least fraction of the window's height for the sharpness plot in Present.
const PRESENT_SHARE: f32 = 0.45;

fn presenting(n_steps: u64) -> Rig {
    let mut rig = Rig::running(&RunConfig::default(), n_steps);
    rig.press(Key::P);
    rig
}

fn is_present(rig: &Rig) -> bool {
    rig.window.query_by_label("Leave Present").is_some()
}

/// The narrator's sentence.
fn sentence(rig: &Rig) -> Rect {
    let mut buttons = rig.window.query_all_by_role(Role::Button);
    let is_wanted = |node: &egui_kittest::Node<'_>| {
        node.accesskit_node().label().is_some_and(|label| label.ends_with('.'))
    };
    buttons.find(is_wanted).unwrap().rect()
}

/// The settings that the last command sets.
fn tuned(commands: &[Command]) -> &eoscope::config::LiveSettings {
    match commands.last() {
        Some(Command::Tune { live, .. }) => live,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn sharpness_has_almost_half_of_every_window_with_the_strip_and_the_sentence_inside() {
    let mut rig = presenting(300);
    for scale in SCALES {
        for size in SIZES {
            let screen = resize(&mut rig, size, scale);
            picture(&mut rig, &format!("present-{}-{scale}", size[0]));
            let place = format!("{size:?} at {scale} %");
            let share = share(&rig, screen);
            assert!(share >= PRESENT_SHARE, "{place}: {share:.3}");
            let plot = sharpness(&rig);
            let said = sentence(&rig);
            assert!(screen.contains_rect(said) && said.bottom() <= plot.top(), "{place}: {said:?}");
            let slider = rig.window.get_by_role_and_label(Role::Slider, "Learning rate").rect();
            let field = rig.window.get_by_role_and_label(Role::SpinButton, "Learning rate").rect();
            let [play, leave] = ["Pause", "Leave Present"]
                .map(|label| rig.window.get_by_role_and_label(Role::Button, label).rect());
            let mut parts = vec![play, field, slider, leave];
            let each = ["Warmup none", "Clipping off", "↺ Scale × 1"];
            let one = rig.window.query_by_label("Pins").map(|node| node.rect());
            let tiles = each.map(|label| rig.window.query_by_label(label).map(|node| node.rect()));
            assert!(one.is_some() != tiles.iter().all(Option::is_some), "{place}");
            parts.extend(one.into_iter().chain(tiles.into_iter().flatten()));
            for (i, part) in parts.iter().enumerate() {
                assert!(screen.contains_rect(*part), "{place}: {part:?}");
                assert!(part.right() <= plot.left(), "{place}: {part:?} beside {plot:?}");
                let is_apart = |other: &Rect| !other.shrink(0.5).intersects(part.shrink(0.5));
                assert!(parts[..i].iter().all(is_apart), "{place}: {parts:?}");
            }
            assert!(slider.height() > 2.0 * slider.width(), "{place}: {slider:?}");
        }
    }
}

#[test]
fn present_shows_no_panel_and_leaves_by_key_by_escape_and_by_its_button() {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    let panels = [(Role::ComboBox, "Preset"), (Role::Button, "Restart"), (Role::Button, "View")];
    let n_panels = |rig: &Rig| {
        panels
            .iter()
            .filter(|(role, label)| rig.window.query_by_role_and_label(*role, label).is_some())
            .count()
    };
    assert_eq!((n_panels(&rig), is_present(&rig)), (3, false));
    for leave in 0..3 {
        rig.press(Key::P);
        assert_eq!((n_panels(&rig), is_present(&rig)), (0, true));
        assert!(rig.window.query_by_label_contains("Gradient norm:").is_none());
        match leave {
            0 => rig.press(Key::P),
            1 => rig.press(Key::Escape),
            _ => rig.click("Leave Present"),
        };
        assert_eq!((n_panels(&rig), is_present(&rig)), (3, false));
        assert!(rig.window.query_by_label_contains("Gradient norm:").is_some());
    }
}

#[test]
fn the_bar_opens_at_the_upper_edge_and_its_menu_leads_in_and_out() {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    rig.click("View");
    rig.click("Present (P)");
    assert!(is_present(&rig));
    let before = sharpness(&rig);
    rig.window.hover_at(pos2(700.0, 2.0));
    rig.window.run_steps(12);
    assert_eq!(sharpness(&rig), before, "the bar is over the plots");
    rig.window.get_by_role_and_label(Role::Button, "View").click();
    rig.window.run_steps(12);
    rig.click("Present (P)");
    assert!(!is_present(&rig));
    rig.press(Key::P);
    rig.window.hover_at(pos2(700.0, 500.0));
    rig.window.run_steps(20);
    assert!(rig.window.query_by_role_and_label(Role::Button, "View").is_none());
}

#[test]
fn dragging_the_rate_of_the_strip_sends_it_and_undo_takes_the_whole_drag_back() {
    let mut rig = presenting(300);
    let slider = rig.slider("Learning rate");
    let handle = slider.center_top() + vec2(0.0, slider.height() * 0.34);
    rig.window.drag_at(handle);
    rig.settle();
    for y in [20.0, 40.0, 60.0] {
        rig.window.hover_at(handle - vec2(0.0, y));
        rig.settle();
    }
    rig.window.drop_at(handle - vec2(0.0, 60.0));
    rig.settle();
    let commands = rig.commands();
    let rate = tuned(&commands).peak_lr;
    assert!(rate > 0.1, "up is larger: {rate}");
    let sources: Vec<_> = commands
        .iter()
        .map(|command| match command {
            Command::Tune { source, .. } => *source,
            other => unreachable!("{other:?}"),
        })
        .collect();
    assert!(sources.len() > 1 && sources.windows(2).all(|pair| pair[0] == pair[1]), "{sources:?}");
    let commands = rig.type_number("Learning rate", "0.3");
    assert_eq!(tuned(&commands).peak_lr, 0.3);
    assert_eq!(rig.press(Key::Space), [Command::Pause { run: RunId(1) }]);
    assert_eq!(rig.click("Resume"), [Command::Resume { run: RunId(1) }]);
}

#[test]
fn a_tile_opens_its_control_beside_the_strip_and_escape_closes_it_before_present() {
    let mut rig = presenting(300);
    let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(1440.0, 900.0));
    rig.click("Warmup none");
    let slider = rig.slider("Warmup");
    assert!(screen.contains_rect(slider), "{slider:?}");
    assert_eq!(tuned(&rig.type_number("Warmup", "64")).warmup.steps, 64);
    rig.press(Key::Escape);
    assert!(is_present(&rig));
    assert!(rig.window.query_by_role_and_label(Role::Slider, "Warmup").is_none());
    rig.click("Clipping off");
    rig.window.get_by_role_and_label(Role::ComboBox, "Clipping").click();
    rig.settle();
    let commands = rig.click("absolute");
    assert_eq!(tuned(&commands).clip.mode, ClipMode::Absolute);
    rig.press(Key::Escape);
    rig.click("↺ Scale × 1");
    let (_, config, _) = started(rig.type_number("Scale", "3"));
    assert_eq!(config.init.scale, 3.0);
    // A click elsewhere closes it too.
    let plot = sharpness(&rig);
    rig.window.drag_at(plot.right_bottom() - vec2(40.0, 40.0));
    rig.window.drop_at(plot.right_bottom() - vec2(40.0, 40.0));
    rig.settle();
    assert!(rig.window.query_by_role_and_label(Role::Slider, "Scale").is_none());
}

#[test]
fn pins_beside_the_controls_choose_what_is_in_the_strip() {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    let is_disabled =
        |rig: &Rig, label: &str| rig.window.get_by_label(label).accesskit_node().is_disabled();
    assert!(is_disabled(&rig, "Pin Seed"));
    rig.click("Unpin Warmup");
    assert!(!is_disabled(&rig, "Pin Seed"));
    rig.click("Pin Seed");
    assert!(is_disabled(&rig, "Pin Warmup"));
    rig.press(Key::P);
    assert!(rig.window.query_by_label("Warmup none").is_none());
    let seed = format!("↺ Seed {}", RunConfig::default().seed);
    rig.click(&seed);
    rig.click("Unpin Seed");
    assert!(rig.window.query_by_label(&seed).is_none());
}

#[test]
fn plots_are_chosen_for_present_alone_and_its_sentence_and_card_stay() {
    let mut rig = presenting(300);
    resize(&mut rig, [1920.0, 1080.0], 100);
    let is_drawn = |rig: &Rig, title: &str| {
        rig.window.query_by_label(&format!("Move {title} (arrow keys)")).is_some()
    };
    assert!(is_drawn(&rig, "Loss") && !is_drawn(&rig, "Learning rate"));
    rig.press(Key::Num3);
    assert!(is_drawn(&rig, "Loss") && is_drawn(&rig, "Learning rate"));
    rig.press(Key::Num2);
    assert!(!is_drawn(&rig, "Loss"));
    rig.press(Key::P);
    assert!(is_drawn(&rig, "Loss") && is_drawn(&rig, "Gradient norm"));
    rig.press(Key::P);
    assert!(!is_drawn(&rig, "Loss") && is_drawn(&rig, "Learning rate"));
    let before = sharpness(&rig);
    rig.say(Event::Ended { run: RunId(1), step: 300, end: RunEnd::Diverged { loss: 3456.0 } });
    assert_eq!(sharpness(&rig), before);
    let (_, config, _) = started(rig.click("256 steps of warmup"));
    assert_eq!(config.live.warmup.steps, 256);
}

#[test]
fn the_readout_is_dated_in_both_views_and_grey_once_it_is_old() {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    let is_read = |rig: &Rig, words: &str| {
        rig.window
            .query_all_by_role(Role::Label)
            .any(|node| node.accesskit_node().value().is_some_and(|value| value.ends_with(words)))
    };
    for _ in 0..2 {
        assert!(is_read(&rig, " · limit 20 · 1.07 × · step 299"), "{}", is_present(&rig));
        rig.press(Key::P);
    }
    rig.press(Key::P);
    let mut records = crate::rig::climb(300, 340);
    for record in &mut records {
        record.sample.curvature = None;
    }
    rig.say(Event::Sampled { run: RunId(1), records });
    assert!(is_read(&rig, " · limit 20 · 1.07 × · measured at step 299"));
    let mut records = crate::rig::climb(340, 341);
    for record in &mut records {
        let top = &mut record.sample.curvature.as_mut().unwrap().top[0];
        (top.is_converged, top.error, top.value) = (false, Some(0.02), 30.0);
    }
    rig.say(Event::Sampled { run: RunId(1), records });
    assert!(is_read(&rig, "λ₁ 30 (+0.6) · limit 20 · 1.5 × · not converged · step 340"));
}
