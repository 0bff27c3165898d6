//! The rows of the table of keys and pointer actions that are done with the pointer; `paint` declares
//! those on plots.

use crate::paint::{PlotGesture, plot_gestures};
use crate::ui::shortcut::{Section, Shortcut};

/// Pointer actions outside the plots.
const ROWS: [(Section, &str, &str); 8] = [
    (Section::Run, "Shift+click Restart", "Start clean"),
    (Section::Settings, "Drag a slider", "Change the setting"),
    (Section::Settings, "Double-click a slider", "The preset's value, also on the name"),
    (Section::Settings, "Click a pin", "Put the control into the strip of Present, or take it out"),
    (Section::Settings, "Click in the strip of Present", "Open a pinned control"),
    (Section::Plots, "Click the sentence", "Show its step"),
    (Section::Window, "Point at the upper edge", "In Present: the bar with its menus"),
    (Section::Window, "Point at the lower edge", "In Present: the status line"),
];

/// All pointer actions as rows of the table.
pub(super) fn rows() -> Vec<Shortcut> {
    let row =
        |section, key_label, description| Shortcut { section, keys: &[], key_label, description };
    let of_plot = |PlotGesture { gesture, effect }| row(Section::Plots, gesture, effect);
    let own = ROWS.into_iter().map(|(section, gesture, effect)| row(section, gesture, effect));
    plot_gestures().map(of_plot).chain(own).collect()
}
