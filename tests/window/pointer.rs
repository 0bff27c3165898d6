//! The table of keys and pointer actions lists every pointer action, and each does what it says.

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{self, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, Rect, pos2, vec2};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::RunConfig;
use eoscope::protocol::Command;

use crate::plot_sizes::sharpness;
use crate::rig::{Rig, started};

fn rig() -> Rig {
    Rig::running(&RunConfig::default(), 300)
}

fn button(rig: &mut Rig, at: Pos2, button: PointerButton, pressed: bool) {
    let modifiers = Modifiers::NONE;
    rig.window.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers });
    rig.settle();
}

fn double_click(rig: &mut Rig, at: Pos2) {
    rig.window.hover_at(at);
    rig.window.step();
    for pressed in [true, false, true, false] {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        rig.window.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers });
        rig.window.step();
    }
    rig.settle();
}

fn is_following(rig: &Rig) -> bool {
    let follow = rig.window.get_by_role_and_label(Role::Button, "Follow");
    follow.accesskit_node().toggled() == Some(Toggled::True)
}

/// What the accessible name of the sharpness plot begins with, and whether it has such a name.
fn says(rig: &Rig, begin: &str) -> bool {
    let mut images = rig.window.query_all_by_role(Role::Image);
    images.any(|image| image.accesskit_node().label().is_some_and(|name| name.starts_with(begin)))
}

/// The step under the pointer, as read out.
fn step_at(rig: &mut Rig, at: Pos2) -> f64 {
    rig.window.hover_at(at);
    rig.settle();
    rig.settle();
    let images = rig.window.query_all_by_role(Role::Image);
    let mut heads = images.into_iter().filter_map(|image| image.accesskit_node().label());
    let head = heads.find(|label| label.starts_with("step ")).unwrap();
    let step = head.split(['\n', ' ']).nth(1).unwrap().parse().unwrap();
    drop(heads);
    // Away from the plots, which are named by their values under the pointer.
    rig.window.hover_at(pos2(2.0, 450.0));
    rig.settle();
    step
}

/// The first and last step in view.
fn steps(rig: &mut Rig) -> [f64; 2] {
    rig.window.hover_at(pos2(2.0, 450.0));
    rig.settle();
    let plot = sharpness(rig);
    [0.3, 0.8].map(|part| step_at(rig, pos2(plot.left() + part * plot.width(), plot.center().y)))
}

fn wheel(rig: &mut Rig, at: Pos2, delta: f32) {
    rig.window.hover_at(at);
    rig.window.step();
    rig.window.event(egui::Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, delta),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    rig.window.run_steps(20);
}

fn title(rig: &Rig, title: &str) -> Rect {
    rig.window.get_by_label(&format!("Move {title} (arrow keys)")).rect()
}

/// The entry of the largest eigenvalue in the legend.
fn entry<'a>(rig: &'a Rig, name: &'a str) -> Node<'a> {
    rig.window.get_by_role_and_label(Role::CheckBox, name)
}

fn is_on(node: &Node<'_>) -> bool {
    node.accesskit_node().toggled() == Some(Toggled::True)
}

/// The rate that the only command sets.
fn rate(commands: &[Command]) -> f64 {
    match commands.last() {
        Some(Command::Tune { live, .. }) => live.peak_lr,
        other => unreachable!("{other:?}"),
    }
}

/// The actions inside a plot; whether this is one of them.
fn acts_in_plot(gesture: &str) -> bool {
    let mut rig = rig();
    let plot = sharpness(&rig);
    let (before, middle) = (steps(&mut rig), plot.center());
    match gesture {
        "Drag a plot" => {
            wheel(&mut rig, middle, 300.0);
            let before = steps(&mut rig);
            rig.drag(middle, middle + vec2(80.0, 0.0));
            let after = steps(&mut rig);
            assert!(after[0] < before[0] && after[1] < before[1], "{before:?} {after:?}");
        }
        "Wheel on a plot" => {
            wheel(&mut rig, middle, 200.0);
            let after = steps(&mut rig);
            assert!(after[1] - after[0] < before[1] - before[0], "{before:?} {after:?}");
            assert!(!is_following(&rig));
        }
        "Right-drag on a plot" => {
            let corners = [middle - vec2(100.0, 60.0), middle + vec2(100.0, 60.0)];
            rig.window.hover_at(corners[0]);
            rig.settle();
            button(&mut rig, corners[0], PointerButton::Secondary, true);
            rig.window.hover_at(corners[1]);
            rig.settle();
            button(&mut rig, corners[1], PointerButton::Secondary, false);
            let after = steps(&mut rig);
            assert!(after[1] - after[0] < 0.5 * (before[1] - before[0]), "{before:?} {after:?}");
        }
        "Drag an axis" => {
            let lowest = rig.window.query_all_by_role(Role::Image);
            let bottom = lowest.map(|image| image.rect().bottom()).fold(0.0, f32::max);
            let axis = pos2(middle.x + 100.0, bottom + 8.0);
            rig.drag(axis, axis + vec2(80.0, 0.0));
            assert!(!is_following(&rig));
        }
        "Double-click a plot" => {
            wheel(&mut rig, middle, 200.0);
            double_click(&mut rig, middle);
            assert!(is_following(&rig));
            assert_eq!(steps(&mut rig), before);
        }
        "Point at a plot" => {
            assert!((step_at(&mut rig, middle) - 150.0).abs() < 8.0);
        }
        _ => return false,
    }
    true
}

/// The actions on headers and between plots; whether this is one of them.
fn acts_around_plots(gesture: &str) -> bool {
    let mut rig = rig();
    let plot = sharpness(&rig);
    match gesture {
        "Drag a title" => {
            let loss = title(&rig, "Loss").center();
            rig.drag(loss, plot.right_center() - vec2(30.0, 0.0));
            assert!(title(&rig, "Loss").left() > plot.center().x);
        }
        "Drag a border" => {
            let label = "Border between Sharpness and Loss (arrow keys)";
            let border = rig.window.get_by_role_and_label(Role::Splitter, label).rect().center();
            rig.drag(border, border + vec2(0.0, 40.0));
            assert!(sharpness(&rig).height() > plot.height() + 20.0);
        }
        "Click a legend entry" => {
            entry(&rig, "λ₂").click();
            rig.settle();
            assert!(!is_on(&entry(&rig, "λ₂")) && is_on(&entry(&rig, "λ₁")));
        }
        "Shift+click a legend entry" => {
            for is_alone in [true, false] {
                entry(&rig, "λ₂").click_modifiers(Modifiers::SHIFT);
                rig.settle();
                assert!(is_on(&entry(&rig, "λ₂")) && is_on(&entry(&rig, "λ₁")) != is_alone);
            }
        }
        "Click the name of a scale" => {
            let n_linear = |rig: &Rig| rig.window.query_all_by_label("linear axis").count();
            let before = n_linear(&rig);
            rig.window.query_all_by_label("linear axis").next().unwrap().click();
            rig.settle();
            assert_eq!(n_linear(&rig) + 1, before);
        }
        "Click the sentence" => {
            let mut said = rig.window.query_all_by_role(Role::Button);
            let is_said = |node: &Node<'_>| {
                node.accesskit_node().label().is_some_and(|label| label.ends_with('.'))
            };
            said.find(is_said).unwrap().click();
            drop(said);
            rig.settle();
            assert!(!is_following(&rig));
        }
        _ => return false,
    }
    true
}

/// The actions on controls and at the edges of Present; whether this is one of them.
fn acts_elsewhere(gesture: &str) -> bool {
    let mut rig = rig();
    let view = |rig: &Rig| rig.window.query_by_role_and_label(Role::Button, "View").is_some();
    match gesture {
        "Shift+click Restart" => {
            let restart = rig.window.get_by_role_and_label(Role::Button, "Restart");
            restart.click_modifiers(Modifiers::SHIFT);
            rig.settle();
            assert!(started(rig.commands()).1.changes.is_empty());
        }
        "Drag a slider" => {
            let slider = rig.slider("Learning rate").center();
            rig.drag(slider, slider + vec2(60.0, 0.0));
            assert!(rate(&rig.commands()) > 0.1);
        }
        "Double-click a slider" => {
            let slider = rig.slider("Learning rate");
            rig.drag(slider.center(), slider.center() + vec2(60.0, 0.0));
            rig.commands();
            double_click(&mut rig, slider.center() - vec2(20.0, 0.0));
            assert_eq!(rate(&rig.commands()), 0.1);
        }
        "Click a pin" => {
            rig.click("Unpin Warmup");
            rig.press(Key::P);
            assert!(rig.window.query_by_label("Warmup none").is_none());
        }
        "Click in the strip of Present" => {
            rig.press(Key::P);
            rig.click("Warmup none");
            rig.slider("Warmup");
        }
        "Point at the upper edge" => {
            rig.press(Key::P);
            assert!(!view(&rig));
            rig.window.hover_at(pos2(700.0, 2.0));
            rig.window.run_steps(12);
            assert!(view(&rig));
        }
        "Point at the lower edge" => {
            rig.press(Key::P);
            let has_status = |rig: &Rig| rig.window.query_by_label_contains("HVPs").is_some();
            assert!(!has_status(&rig));
            rig.window.hover_at(pos2(700.0, 898.0));
            rig.window.run_steps(12);
            assert!(has_status(&rig));
        }
        _ => return false,
    }
    true
}

#[test]
fn every_pointer_action_of_the_table_does_what_it_says() {
    let mut n = 0;
    for (gesture, effect) in eoscope::ui::pointer_actions() {
        println!("{gesture}: {effect}");
        let groups = [acts_in_plot, acts_around_plots, acts_elsewhere];
        let n_acted = groups.into_iter().filter(|acts| acts(gesture)).count();
        assert_eq!(n_acted, 1, "{gesture}: {effect}");
        n += 1;
    }
    assert!(n > 15, "{n}");
}

#[test]
fn the_list_has_every_pointer_action_beside_the_keys() {
    let mut rig = rig();
    rig.press(Key::Questionmark);
    for (gesture, effect) in eoscope::ui::pointer_actions() {
        for words in [gesture, effect] {
            assert!(rig.window.query_all_by_label(words).next().is_some(), "{words}");
        }
    }
    assert!(says(&rig, "Sharpness:"));
}
