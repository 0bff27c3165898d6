//! What the window has room for besides the plots. It depends on the window's size alone, so nothing
//! that comes and goes moves the plots.

use eframe::egui::Vec2;

/// Least fraction of the window's height for the plot that leads, in the desk view.
pub(in crate::ui) const DESK_SHARE: f32 = 0.3;

/// The same in Present.
pub(in crate::ui) const PRESENT_SHARE: f32 = 0.45;

/// Least height for the row of tools, in points at the default scale.
const TOOLS_HEIGHT: f32 = 640.0;

/// Least height for the row of plot options.
const OPTIONS_HEIGHT: f32 = 500.0;

/// Least height for the narrator's line.
const NARRATOR_HEIGHT: f32 = 460.0;

/// Least height for the status line.
const STATUS_HEIGHT: f32 = 380.0;

/// Least width for controls beside the plots.
const CONTROLS_WIDTH: f32 = 780.0;

/// Least width for the drawer of runs beside the plots.
const DRAWER_WIDTH: f32 = 1240.0;

/// How much of the top bar is visible; the rest is in its menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ui) enum BarLevel {
    /// Start and pause, progress, and the menu.
    Least,
    /// The menu View too.
    Narrow,
    /// The preset too.
    Medium,
    /// Single steps, Restart, Export, Fit and Follow too.
    Wide,
    /// Everything.
    Whole,
}

/// Least widths of the levels above the first, in points at the default scale.
const LEVELS: [(BarLevel, f32); 4] = [
    (BarLevel::Whole, 1200.0),
    (BarLevel::Wide, 980.0),
    (BarLevel::Medium, 630.0),
    (BarLevel::Narrow, 420.0),
];

/// What there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent of each other")]
pub(in crate::ui) struct Room {
    pub(in crate::ui) bar: BarLevel,
    /// Whether the row of tools is visible.
    pub(in crate::ui) has_tools: bool,
    /// Whether the row of plot options is visible.
    pub(in crate::ui) has_options: bool,
    /// Whether the narrator's line is visible.
    pub(in crate::ui) has_narrator: bool,
    /// Whether the status line is visible.
    pub(in crate::ui) has_status: bool,
    /// Whether the controls are beside the plots; otherwise they open over them.
    pub(in crate::ui) has_controls: bool,
    /// Whether the drawer of runs is beside the plots; otherwise it is a window over the controls.
    pub(in crate::ui) has_drawer: bool,
}

impl Room {
    /// The room in a window of this size in points, with text scaled by `factor`.
    pub(in crate::ui) fn of(size: Vec2, factor: f32) -> Self {
        let Vec2 { x: width, y: height } = size / factor;
        let level = LEVELS.into_iter().find(|(_, least)| width >= *least);
        Self {
            bar: level.map_or(BarLevel::Least, |(level, _)| level),
            has_tools: height >= TOOLS_HEIGHT && width >= CONTROLS_WIDTH,
            has_options: height >= OPTIONS_HEIGHT && width >= CONTROLS_WIDTH,
            has_narrator: height >= NARRATOR_HEIGHT,
            has_status: height >= STATUS_HEIGHT,
            has_controls: width >= CONTROLS_WIDTH,
            has_drawer: width >= DRAWER_WIDTH,
        }
    }

    /// The room at the edges of Present, where the bar and the status line open over the plots.
    pub(in crate::ui) fn at_edges(size: Vec2, factor: f32) -> Self {
        let of_desk = Self::of(size, factor);
        Self { has_tools: false, has_options: false, has_controls: false, ..of_desk }
    }

    /// Whether something is in the menu of the bar because it has no room elsewhere.
    pub(in crate::ui) fn has_menu(self) -> bool {
        !self.has_tools || !self.has_options || self.bar < BarLevel::Whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::vec2;

    #[test]
    fn a_large_window_shows_everything_and_large_type_takes_room() {
        let large = vec2(1440.0, 850.0);
        assert!(!Room::of(large, 1.0).has_menu());
        assert_eq!(Room::of(large, 2.0), Room::of(large / 2.0, 1.0));
        let small = Room::of(vec2(233.0, 145.0), 1.0);
        assert_eq!(small.bar, BarLevel::Least);
        assert!(small.has_menu() && !small.has_status && !small.has_controls);
    }
}
