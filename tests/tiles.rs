//! Layout of the plots: dragging titles and borders, keys, and the stored layout.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/drawer.rs"]
mod drawer;
#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use drawer::{Drawer, at_home, close};
use eframe::egui::{self, Key, Modifiers, Pos2, Rect, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::RunConfig;
use eoscope::protocol::{Event, RunId};
use eoscope::store::PresetFolder;
use rig::Rig;

const TITLES: [&str; 4] = ["Sharpness", "Loss", "Learning rate", "Gradient norm"];

fn running() -> Rig {
    let mut rig = Rig::running(&RunConfig::default(), 300);
    rig.say(Event::Paused { run: RunId(1), step: 300 });
    rig
}

/// Accessible name of the handle that moves a plot.
fn name_of(title: &str) -> String {
    format!("Move {title} (arrow keys)")
}

fn title(rig: &Rig, title: &str) -> Rect {
    rig.window.get_by_role_and_label(Role::Button, &name_of(title)).rect()
}

/// Rectangles of the plots with these titles, without axes.
fn plots<const N: usize>(rig: &Rig, titles: [&str; N]) -> [Rect; N] {
    titles.map(|title| {
        let images = rig.window.query_all_by_role(Role::Image);
        let of = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().is_some_and(|it| it.starts_with(&format!("{title}:")))
        };
        images.into_iter().find(of).unwrap().rect()
    })
}

fn carry(rig: &mut Rig, panel: &str, to: Pos2) {
    let from = title(rig, panel).center();
    rig.drag(from, to);
}

/// The centre of a plot's right edge.
fn right_of(rect: Rect) -> Pos2 {
    rect.right_center() - vec2(30.0, 0.0)
}

fn name_between([a, b]: [&str; 2]) -> String {
    format!("Border between {a} and {b} (arrow keys)")
}

fn border(rig: &Rig, between: [&str; 2]) -> Rect {
    rig.window.get_by_role_and_label(Role::Splitter, &name_between(between)).rect()
}

fn picture(rig: &mut Rig, name: &str) {
    if let Some(folder) = std::env::var_os("EOSCOPE_PICTURES") {
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        rig.window.render().unwrap().save(path).unwrap();
    }
}

fn assert_disjoint(rects: &[Rect]) {
    for (i, a) in rects.iter().enumerate() {
        assert!(a.is_positive(), "{rects:?}");
        let is_clear = |b: &Rect| !b.shrink(0.5).intersects(a.shrink(0.5));
        assert!(rects[..i].iter().all(is_clear), "{rects:?}");
    }
}

#[test]
fn a_title_dragged_to_the_side_of_another_plot_stands_beside_it_until_the_layout_is_reset() {
    let mut rig = running();
    let before = plots(&rig, TITLES);
    rig.window.hover_at(Pos2::new(2.0, 2.0));
    rig.settle();
    let picture_before = rig.window.render().unwrap();
    carry(&mut rig, "Loss", right_of(before[0]));
    let [sharpness, loss, rate, norm] = plots(&rig, TITLES);
    assert_disjoint(&[sharpness, loss, rate, norm]);
    assert!(loss.left() > sharpness.right() && loss.left() > norm.right());
    assert!((loss.bottom() - norm.bottom()).abs() < 1.0, "both step axes are at the foot");
    assert!((loss.top() - sharpness.top()).abs() < 1.0, "both begin at the same height");
    assert!(loss.height() > 2.0 * before[1].height() && rate.top() > sharpness.bottom());
    carry(&mut rig, "Gradient norm", loss.center_bottom() - vec2(0.0, 20.0));
    let [sharpness, loss, rate, norm] = plots(&rig, TITLES);
    assert_disjoint(&[sharpness, loss, rate, norm]);
    assert!(norm.top() > loss.bottom() && (norm.left() - loss.left()).abs() < 1.0);
    assert!((rate.bottom() - norm.bottom()).abs() < 1.0);
    assert!(rig.commands().is_empty(), "the run goes on as it was");
    picture(&mut rig, "tiles");
    rig.click("View");
    rig.click("Reset layout");
    rig.window.hover_at(Pos2::new(2.0, 2.0));
    rig.settle();
    assert_eq!(plots(&rig, TITLES), before);
    rig.window.run_steps(30);
    assert!(rig.window.render().unwrap() == picture_before, "every pixel is as it was");
}

#[test]
fn a_title_dragged_within_the_column_changes_the_order() {
    let mut rig = running();
    let before = plots(&rig, TITLES);
    carry(&mut rig, "Gradient norm", before[0].center_top() + vec2(0.0, 20.0));
    let [sharpness, loss, rate, norm] = plots(&rig, TITLES);
    assert!(norm.top() < sharpness.top() && rate.top() > loss.bottom());
    assert!((norm.height() - before[3].height()).abs() < 3.0, "it keeps its height");
}

#[test]
fn borders_share_out_the_room_and_nothing_gets_too_small() {
    let mut rig = running();
    let before = plots(&rig, TITLES);
    let at = border(&rig, ["Sharpness", "Loss"]).center();
    rig.drag(at, at + vec2(0.0, 30.0));
    let after = plots(&rig, TITLES);
    assert!((after[0].height() - before[0].height() - 30.0).abs() < 5.0, "{after:?}");
    assert!((after[1].height() - before[1].height() + 30.0).abs() < 5.0, "{after:?}");
    assert_eq!(after[2..], before[2..]);
    carry(&mut rig, "Loss", right_of(after[0]));
    let before = plots(&rig, TITLES);
    let at = border(&rig, ["Gradient norm", "Loss"]).center();
    rig.drag(at, at - vec2(80.0, 0.0));
    let after = plots(&rig, TITLES);
    assert!((after[1].width() - before[1].width() - 80.0).abs() < 5.0, "{after:?}");
    assert!((after[0].width() - before[0].width() + 80.0).abs() < 5.0, "{after:?}");
    let at = border(&rig, ["Gradient norm", "Loss"]).center();
    rig.drag(at, Pos2::new(2.0, at.y));
    let narrow = plots(&rig, TITLES);
    assert!(narrow.iter().all(|rect| rect.width() > 120.0), "{narrow:?}");
    assert_disjoint(&narrow);
}

#[test]
fn a_drop_outside_and_a_drag_that_escape_ends_do_nothing() {
    let mut rig = running();
    let before = plots(&rig, TITLES);
    for outside in [Pos2::new(100.0, 500.0), Pos2::new(900.0, 10.0)] {
        carry(&mut rig, "Loss", outside);
        assert_eq!(plots(&rig, TITLES), before);
    }
    carry(&mut rig, "Loss", before[1].center());
    assert_eq!(plots(&rig, TITLES), before, "a plot is not put beside itself");
    let handles = [title(&rig, "Loss"), border(&rig, ["Sharpness", "Loss"])];
    for handle in handles.map(|handle| handle.center()) {
        let plain = rig.window.render().unwrap();
        rig.window.drag_at(handle);
        rig.settle();
        rig.window.hover_at(right_of(before[0]));
        rig.settle();
        let dragged = rig.window.render().unwrap();
        let differing = plain.pixels().zip(dragged.pixels()).filter(|(a, b)| a != b).count();
        assert!(differing > 20_000, "where it would go must be seen: {differing} pixels");
        picture(&mut rig, &format!("tiles-dragged-{}", handle.y));
        rig.press(Key::Escape);
        rig.window.drop_at(right_of(before[0]));
        rig.settle();
        assert_eq!(plots(&rig, TITLES), before);
    }
    rig.click("View");
    assert!(rig.window.get_by_label("Reset layout").accesskit_node().is_disabled());
}

#[test]
fn an_arrangement_is_remembered_and_a_hidden_plot_comes_back_to_its_place() {
    let home = tempfile::tempdir().unwrap();
    let folder = PresetFolder::at(home.path());
    let mut rig = at_home(Drawer::default(), &folder);
    let at = right_of(plots(&rig, TITLES)[0]);
    carry(&mut rig, "Loss", at);
    let at = border(&rig, ["Gradient norm", "Loss"]).center();
    rig.drag(at, at - vec2(80.0, 0.0));
    let arranged = plots(&rig, TITLES);
    let mut rig = at_home(close(&mut rig), &folder);
    assert_eq!(plots(&rig, TITLES), arranged);
    rig.press(Key::Num2);
    let [sharpness] = plots(&rig, ["Sharpness"]);
    assert!(sharpness.width() > 1.5 * arranged[0].width(), "one column has all the room");
    let mut rig = at_home(close(&mut rig), &folder);
    rig.press(Key::Num2);
    assert_eq!(plots(&rig, TITLES), arranged);
}

#[test]
fn the_plot_along_the_update_is_hidden_until_its_key_shows_it_and_is_remembered() {
    const ALONG: &str = "Curvature along the update";
    let home = tempfile::tempdir().unwrap();
    let folder = PresetFolder::at(home.path());
    let mut rig = at_home(Drawer::default(), &folder);
    let is_shown = |rig: &Rig| rig.window.query_by_label_contains(&format!("{ALONG}:")).is_some();
    let before = plots(&rig, TITLES);
    assert!(!is_shown(&rig));
    rig.press(Key::Num6);
    let [sharpness, along, loss] = plots(&rig, ["Sharpness", ALONG, "Loss"]);
    assert!(sharpness.bottom() < along.top() && along.bottom() < loss.top(), "below the sharpness");
    let mut rig = at_home(close(&mut rig), &folder);
    assert!(is_shown(&rig));
    rig.press(Key::Num6);
    assert!(!is_shown(&rig));
    assert_eq!(plots(&rig, TITLES), before);
}

#[test]
fn arrow_keys_move_the_plot_or_the_border_that_has_the_keyboard_and_nothing_else() {
    let mut rig = running();
    let before = plots(&rig, TITLES);
    rig.window.get_by_label(&name_of("Loss")).focus();
    rig.settle();
    rig.press(Key::ArrowRight);
    let [sharpness, loss, ..] = plots(&rig, TITLES);
    assert!(loss.left() > sharpness.right());
    rig.press(Key::ArrowLeft);
    let [_, loss, _, norm] = plots(&rig, TITLES);
    assert!(loss.top() > norm.bottom(), "alone in its column, it goes to the end of the next one");
    for _ in 0..2 {
        rig.press(Key::ArrowUp);
    }
    let after = plots(&rig, TITLES);
    assert!(after.iter().zip(before).all(|(a, b)| (a.min - b.min).length() < 3.0), "{after:?}");
    let of = ["Sharpness", "Loss"];
    rig.window.get_by_role_and_label(Role::Splitter, &name_between(of)).focus();
    rig.settle();
    let before = plots(&rig, of);
    rig.press(Key::ArrowDown);
    let after = plots(&rig, of);
    assert!(after[0].height() > before[0].height() + 5.0, "{after:?}");
    assert!(rig.commands().is_empty(), "the learning rate stays");
}

#[test]
fn the_pointer_in_one_tile_tells_its_step_in_all_of_them_and_the_wheel_zooms_all() {
    let mut rig = running();
    let at = right_of(plots(&rig, TITLES)[0]);
    carry(&mut rig, "Loss", at);
    let [sharpness, loss, ..] = plots(&rig, TITLES);
    rig.window.hover_at(loss.center());
    rig.settle();
    let heads = |rig: &Rig| -> Vec<String> {
        let images = rig.window.query_all_by_role(Role::Image);
        let labels = images.filter_map(|image| image.accesskit_node().label());
        let told = labels.filter(|label| label.starts_with("step "));
        told.map(|label| label.lines().next().unwrap_or_default().to_owned()).collect()
    };
    let told = heads(&rig);
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|head| *head == told[0]), "{told:?}");
    picture(&mut rig, "tiles-hovered");
    rig.window.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 300.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    rig.window.run_steps(30);
    rig.window.hover_at(sharpness.left_center() + vec2(1.0, 0.0));
    rig.settle();
    let told = heads(&rig);
    let first: u64 = told[0]["step ".len()..].parse().unwrap();
    assert!(first > 50, "zoomed about the middle of 300 steps, {first} is the first in view");
}

/// All text above the plots, and the plots.
fn texts(rig: &Rig) -> Vec<Rect> {
    let is_drawn = |of: &&str| rig.window.query_by_label(&name_of(of)).is_some();
    let drawn: Vec<&str> = TITLES.into_iter().filter(is_drawn).collect();
    let titles: Vec<Rect> = drawn.iter().map(|of| title(rig, of)).collect();
    let plots = drawn.iter().flat_map(|of| plots(rig, [*of]));
    let entries = rig.window.query_all_by_role(Role::CheckBox);
    let entries = entries.filter(|node| {
        node.accesskit_node().label().is_some_and(|label| {
            ["λ", "2/η", "L", "η", "‖g‖", "run "].iter().any(|name| label.starts_with(name))
                && !label.contains("threshold")
        })
    });
    let axes = rig.window.query_all_by_label_contains(" axis");
    let axes = axes.filter(|node| node.accesskit_node().role() == Role::Button);
    // The status line also has steps, but is no plot.
    let is_status = |text: &str| text.starts_with("λ₁ ") || text.starts_with("measured");
    let flags = rig.window.query_all_by_label_contains(" at step ");
    let flags = flags.filter(|node| {
        let node = node.accesskit_node();
        let text = node.label().or_else(|| node.value()).unwrap_or_default();
        node.role() == Role::Label && !is_status(&text)
    });
    let rects = entries.map(|node| node.rect()).chain(axes.map(|node| node.rect()));
    rects.chain(flags.map(|node| node.rect())).chain(titles).chain(plots).collect()
}

#[test]
fn texts_never_overlap_however_many_columns_and_however_small_the_window() {
    let mut rig = running();
    for step in [60, 200, 230] {
        let live = eoscope::config::LiveSettings {
            peak_lr: 0.1 + step as f64 / 1000.0,
            ..RunConfig::default().live
        };
        let source = eoscope::protocol::Source::User(step);
        rig.say(Event::Tuned { run: RunId(1), step, live: Box::new(live), source });
    }
    for n_columns in 1..=4 {
        if n_columns > 1 {
            let at = TITLES[n_columns - 1];
            rig.window.get_by_label(&name_of(at)).focus();
            rig.settle();
            rig.press(Key::ArrowRight);
            rig.press(Key::Escape);
        }
        // The last is 1440 × 900 at a scale of 200 %.
        for (width, height) in [(1440.0, 900.0), (800.0, 600.0), (720.0, 450.0)] {
            for is_large in [false, true] {
                if is_large && height < 500.0 {
                    // Flags are drawn into the plot there.
                    continue;
                }
                if is_large {
                    rig.press(Key::P);
                }
                rig.window.set_size(vec2(width, height));
                rig.window.run_steps(6);
                let name = format!("tiles-{n_columns}-{width}-{is_large}");
                picture(&mut rig, &name);
                let texts = texts(&rig);
                // Present shows fewer plots.
                let least = if is_large { 4 } else { 9 };
                assert!(texts.len() >= least, "{name}: {texts:?}");
                assert_disjoint(&texts);
                if is_large {
                    rig.press(Key::P);
                }
            }
        }
    }
}
