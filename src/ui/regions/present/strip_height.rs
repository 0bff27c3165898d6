//! How the height of a window is shared out in Present: rows of text above the plots, and what the strip has room
//! for. Heights are in points at the default size of text.

use eframe::egui::Vec2;

/// Rows of the sentence.
pub(in crate::ui) const SENTENCE_ROWS: f32 = 2.0;

/// Height from which there is a readout of the curvature.
const READOUT: f32 = 260.0;

/// Height from which margins are wide.
const WIDE: f32 = 330.0;

/// Least height of the slider with its symbol and field.
pub(super) const LEAST_SLIDER: f32 = 104.0;

/// Height of the button that pauses and resumes.
pub(super) const PLAY: f32 = 34.0;

/// Height of a pinned control.
pub(super) const TILE: f32 = 42.0;

/// Height of one tile for all pinned controls.
pub(super) const ALL_TILE: f32 = 22.0;

/// Height of the way out.
pub(super) const LEAVE: f32 = 20.0;

/// Gap between the parts of the strip.
pub(super) const GAP: f32 = 6.0;

/// Whether there is a readout above the plots.
pub(in crate::ui) fn has_readout(size: Vec2, factor: f32) -> bool {
    size.y / factor >= READOUT
}

/// Margin around the plots.
pub(in crate::ui) fn margin(size: Vec2, factor: f32) -> f32 {
    if size.y / factor >= WIDE { 8.0 * factor } else { 3.0 * factor }
}

/// How the pinned controls are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tiles {
    /// Each in a tile of its own.
    Each,
    /// All behind one tile.
    One,
    /// There are none.
    None,
}

impl Tiles {
    /// What a strip of this height has room for.
    pub(super) fn of(height: f32, n_pins: usize) -> Self {
        let rest = height - PLAY - LEAVE - 3.0 * GAP - LEAST_SLIDER;
        match n_pins {
            0 => Self::None,
            n if n as f32 * (TILE + GAP) <= rest => Self::Each,
            _ => Self::One,
        }
    }

    /// The height that they take.
    pub(super) fn height(self, n_pins: usize) -> f32 {
        match self {
            Self::Each => n_pins as f32 * (TILE + GAP),
            Self::One => ALL_TILE + GAP,
            Self::None => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::vec2;

    #[test]
    fn a_low_window_has_one_tile_and_no_readout() {
        assert_eq!([Tiles::of(500.0, 3), Tiles::of(230.0, 3)], [Tiles::Each, Tiles::One]);
        assert!(has_readout(vec2(1024.0, 740.0), 1.4) && !has_readout(vec2(233.0, 145.0), 0.6));
        assert_eq!(Tiles::of(230.0, 0), Tiles::None);
        for height in [170.0, 230.0, 300.0, 400.0] {
            let tiles = Tiles::of(height, 3);
            let used = PLAY + LEAVE + 3.0 * GAP + LEAST_SLIDER + tiles.height(3);
            assert!(tiles == Tiles::One || used <= height, "{height}");
        }
    }
}
