//! Every view opens and closes by its key, its menu entry and Esc.

#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixel numbers")]

#[path = "common/rig.rs"]
mod rig;
#[path = "common/soft.rs"]
mod soft;

use eframe::egui::Key;
use egui_kittest::kittest::Queryable;
use eoscope::config::RunConfig;
use rig::Rig;

/// Key, entry in the View menu, and text unique to the view.
const VIEWS: [(Key, &str, &str); 2] = [
    (Key::M, "Network (M)", "Share of u₁"),
    (Key::Questionmark, "Keys and pointer (?)", "This list"),
];

fn is_open(rig: &Rig, words: &str) -> bool {
    rig.window.query_all_by_label(words).next().is_some()
}

#[test]
fn a_view_opens_and_closes_by_its_key_and_by_its_entry_in_the_menu() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    for (key, entry, words) in VIEWS {
        let press = |rig: &mut Rig| rig.press(key);
        let choose = |rig: &mut Rig| {
            rig.click("View");
            rig.click(entry)
        };
        for action in [&press as &dyn Fn(&mut Rig) -> Vec<_>, &choose] {
            for is_wanted in [true, false] {
                assert!(action(&mut rig).is_empty());
                assert_eq!(is_open(&rig, words), is_wanted, "{entry}");
            }
        }
    }
}

#[test]
fn escape_closes_the_view_that_was_opened_last() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    let [(network, _, layers), (keys, _, list)] = VIEWS;
    for order in [[(network, layers), (keys, list)], [(keys, list), (network, layers)]] {
        for (key, _) in order {
            rig.press(key);
        }
        for (at, n_open) in [(1, 1), (0, 0)] {
            rig.press(Key::Escape);
            assert!(!is_open(&rig, order[at].1));
            assert_eq!(order.iter().filter(|(_, words)| is_open(&rig, words)).count(), n_open);
        }
    }
}

#[test]
fn the_list_of_keys_opens_over_a_dialog_and_closes_before_it() {
    let mut rig = Rig::running(&RunConfig::default(), 5);
    rig.press(Key::E);
    rig.press(Key::M);
    assert!(!is_open(&rig, "Share of u₁"), "keys are not meant for the plots beside a dialog");
    rig.press(Key::Questionmark);
    assert!(is_open(&rig, "This list") && is_open(&rig, "Browse…"));
    rig.press(Key::Escape);
    assert!(!is_open(&rig, "This list") && is_open(&rig, "Browse…"));
    rig.press(Key::Escape);
    assert!(!is_open(&rig, "Browse…"));
}
