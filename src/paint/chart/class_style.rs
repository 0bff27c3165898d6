//! The style of classes: colour, marker and dashes, distinguishable without colour.

use eframe::egui::Color32;

use crate::figure::chart::{Class, Outcome, Unplaced};
use crate::paint::style::theme::Palette;

use super::chart_markers::Marker;

/// The style of a class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ClassStyle {
    /// Colour of markers and curves.
    pub(super) color: Color32,
    /// Marker of points; `None` for a line without markers.
    pub(super) marker: Option<Marker>,
    /// Lengths of a curve's dashes and gaps, relative to its width; `None` is solid.
    pub(super) dash: Option<[f32; 2]>,
}

/// Markers of series, in order.
const MARKERS: [Marker; 9] = [
    Marker::Disc,
    Marker::Square,
    Marker::Up,
    Marker::Diamond,
    Marker::Down,
    Marker::Plus,
    Marker::Ring,
    Marker::HollowDiamond,
    Marker::HollowDown,
];

/// Dashes of series; their number is coprime to that of markers, so combinations repeat late.
const DASHES: [Option<[f32; 2]>; 4] = [None, Some([5.0, 2.2]), Some([2.0, 1.6]), Some([9.0, 2.5])];

/// The style of points and curves of a class.
pub(super) fn class_style(palette: &Palette, class: Class) -> ClassStyle {
    match class {
        Class::Outcome(outcome) => {
            let (color, marker) = match outcome {
                Outcome::Trained => (palette.blue, Marker::Disc),
                Outcome::DIVERGED => (palette.vermillion, Marker::Cross),
                Outcome::FAILED => (palette.purple, Marker::Square),
                Outcome::Untrained(_) => (palette.orange, Marker::Ring),
                Outcome::Refused => (palette.grey, Marker::Bar),
            };
            ClassStyle { color, marker: Some(marker), dash: None }
        }
        Class::Curvature => ClassStyle { color: palette.blue, marker: None, dash: None },
        Class::Limit => ClassStyle { color: palette.vermillion, marker: None, dash: None },
        Class::Series(i) => {
            let colors = [
                palette.blue,
                palette.vermillion,
                palette.green,
                palette.purple,
                palette.orange,
                palette.sky,
                palette.grey,
                palette.strong,
            ];
            let nth = |n: usize| i % n;
            ClassStyle {
                color: colors.get(nth(colors.len())).copied().unwrap_or(palette.text),
                marker: MARKERS.get(nth(MARKERS.len())).copied(),
                dash: DASHES.get(nth(DASHES.len())).copied().flatten(),
            }
        }
    }
}

/// The fill of a cell: the colour of its class, mixed so all outcomes differ in lightness.
pub(super) fn fill(palette: &Palette, outcome: Outcome) -> Color32 {
    let share = match outcome {
        Outcome::Trained => 1.0,
        Outcome::DIVERGED => 0.85,
        Outcome::FAILED => 0.8,
        Outcome::Untrained(_) => 0.55,
        Outcome::Refused => 0.3,
    };
    palette.plot.lerp_to_gamma(class_style(palette, Class::Outcome(outcome)).color, share)
}

/// The marker of a value without a place: as in figures of runs, but NaN has ✳, because ✕ means
/// diverged here.
pub(super) fn unplaced_marker(what: Unplaced) -> Marker {
    match what {
        Unplaced::Nan => Marker::Star,
        Unplaced::Infinite => Marker::Up,
        Unplaced::NegativeInfinite => Marker::Down,
        Unplaced::NotPositive => Marker::HollowDown,
        Unplaced::NoCategory => Marker::HollowDiamond,
    }
}

/// Dashes of the reference line with this index, relative to its width.
pub(super) fn reference_dash(i: usize) -> [f32; 2] {
    [[4.0, 2.5], [1.5, 1.8], [9.0, 2.5]].get(i % 3).copied().unwrap_or([4.0, 2.5])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::style::{DARK, LIGHT};

    #[test]
    fn classes_are_distinguishable_without_colour() {
        let outcomes =
            Outcome::ALL.map(|outcome| class_style(&LIGHT, Class::Outcome(outcome)).marker);
        for (i, marker) in outcomes.iter().enumerate() {
            assert!(!outcomes[..i].contains(marker), "{marker:?}");
        }
        let series: Vec<_> = (0..36).map(|i| class_style(&LIGHT, Class::Series(i))).collect();
        for (i, a) in series.iter().enumerate() {
            assert!(series[..i].iter().all(|b| (a.marker, a.dash) != (b.marker, b.dash)), "{i}");
        }
    }

    #[test]
    fn fills_of_outcomes_differ_even_in_grey() {
        let grey = |color: Color32| {
            let [r, g, b, _] = color.to_array().map(f32::from);
            0.299 * r + 0.587 * g + 0.114 * b
        };
        for palette in [&LIGHT, &DARK] {
            let greys = Outcome::ALL.map(|outcome| grey(fill(palette, outcome)));
            for (i, a) in greys.iter().enumerate() {
                assert!(greys[..i].iter().all(|b| (a - b).abs() > 9.0), "{greys:?}");
            }
        }
    }
}
