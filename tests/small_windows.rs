//! Windows too small for their contents, by size or scale: focused controls scroll into view, and every
//! control is reachable.

#![expect(clippy::panic, reason = "a test stops at the first surprise")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use eframe::egui::{Key, Rect, accesskit::Role, pos2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use eoscope::config::RunConfig;
use rig::Rig;

/// A window of 1440 × 850 at a scale of 200 %.
const TWICE_AS_LARGE: [f32; 2] = [720.0, 425.0];

/// A window of the given size on a run that has taken some steps.
fn sized([width, height]: [f32; 2]) -> Rig {
    let mut rig = Rig::running(&RunConfig::default(), 50);
    rig.window.set_size(vec2(width, height));
    rig.settle();
    rig
}

/// Name and position of the focused control.
fn focused(rig: &Rig) -> Option<(Role, String, Rect)> {
    let nodes = rig.window.root().children_recursive();
    let mut focused = nodes.filter(|node| node.accesskit_node().is_focused());
    focused.next().map(|node| {
        let inner = node.accesskit_node();
        (inner.role(), inner.label().unwrap_or_default(), node.rect())
    })
}

/// Presses Tab until the given control has focus, checking that every focused control is visible.
fn tab_to(rig: &mut Rig, wanted: &str, screen: Rect) -> Rect {
    for _ in 0..120 {
        rig.window.key_press(Key::Tab);
        rig.settle();
        let Some((role, name, place)) = focused(rig) else { continue };
        let seen = screen.intersect(place);
        let is_plot_part = matches!(role, Role::Splitter);
        assert!(is_plot_part || seen.height() > 0.5 * place.height(), "{name} at {place:?}");
        if name == wanted {
            return place;
        }
    }
    panic!("{wanted} never has the keyboard");
}

#[test]
fn controls_below_the_fold_come_into_view_as_the_keyboard_goes_to_them() {
    let mut rig = sized([1440.0, 520.0]);
    let hidden = rig.window.get_by_role_and_label(Role::Slider, "Steps").rect();
    assert!(hidden.top() > 520.0, "{hidden:?}");
    let panel = Rect::from_min_max(pos2(0.0, 0.0), pos2(1440.0, 490.0));
    let place = tab_to(&mut rig, "Steps", panel);
    assert!(panel.contains_rect(place), "{place:?}");
}

#[test]
fn the_export_can_be_finished_where_everything_is_twice_as_large() {
    let mut rig = sized(TWICE_AS_LARGE);
    rig.press(Key::E);
    let screen = Rect::from_min_max(pos2(0.0, 0.0), pos2(720.0, 425.0));
    let title = rig.window.get_by_label("Export").rect();
    assert!(screen.contains_rect(title), "{title:?}");
    let begun = focused(&rig).unwrap().1;
    assert_eq!(begun, "Picture of the plots (PNG)", "the keyboard is in the dialog");
    let place = tab_to(&mut rig, "Save", screen);
    assert!(screen.contains_rect(place), "{place:?}");
}

#[test]
fn every_preset_and_the_whole_view_menu_are_within_reach_where_everything_is_twice_as_large() {
    let mut rig = sized(TWICE_AS_LARGE);
    let screen = Rect::from_min_max(pos2(0.0, 0.0), pos2(720.0, 425.0));
    rig.window.get_by_role_and_label(Role::ComboBox, "Preset").click();
    rig.settle();
    for preset in eoscope::config::presets() {
        let name = preset.config.name.as_str();
        let entry = rig.window.get_all_by_label(name).last().unwrap().rect();
        assert!(screen.contains_rect(entry), "{name} at {entry:?}");
    }
    rig.window.key_press(Key::Escape);
    rig.settle();
    rig.click("View");
    let place = tab_to(&mut rig, "Keys and pointer (?)", screen);
    assert!(screen.contains_rect(place), "{place:?}");
}

#[test]
fn the_list_of_keys_scrolls_by_keys_and_the_run_behind_it_stays_as_it_is() {
    let mut rig = sized(TWICE_AS_LARGE);
    rig.press(Key::Questionmark);
    let last = |rig: &Rig| rig.window.get_by_label_contains("Tab goes from control").rect();
    assert!(last(&rig).bottom() > 425.0, "{:?}", last(&rig));
    for (key, is_seen) in [(Key::End, true), (Key::Home, false)] {
        assert!(rig.press(key).is_empty());
        rig.window.run_steps(30);
        assert_eq!(last(&rig).bottom() < 425.0, is_seen, "{key:?}: {:?}", last(&rig));
    }
    let top = last(&rig).top();
    assert!(rig.press(Key::ArrowDown).is_empty(), "it changes no learning rate");
    rig.window.run_steps(30);
    assert!(last(&rig).top() < top, "{:?}", last(&rig));
    rig.press(Key::Escape);
    assert!(!rig.press(Key::ArrowUp).is_empty(), "now it does");
}
