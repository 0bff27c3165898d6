//! The style of lines in a theme: of the current run by their looks, and of ghosts.

use eframe::egui;
use eframe::egui::Color32;

use crate::figure::{Hue, Line, Look, Marker, N_GHOST_STYLES};

use super::theme::{colours, factor};

/// The style of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::paint) struct LineStyle {
    /// Colour; a ghost has one for all its lines.
    pub(in crate::paint) color: Color32,
    /// Width in logical points.
    pub(in crate::paint) width: f32,
    /// Length of dashes in logical points; `None` is solid.
    pub(in crate::paint) dash: Option<f32>,
    /// Marker along the line, to distinguish it without colour.
    pub(in crate::paint) marker: Option<Marker>,
}

/// The style of a line in the theme of an egui style.
pub(in crate::paint) fn line_style(style: &egui::Style, line: &Line) -> LineStyle {
    match &line.ghost {
        Some(ghost) => of_ghost(style, ghost.style, line.look),
        None => of_look(style, line.look),
    }
}

fn of_look(style: &egui::Style, look: Look) -> LineStyle {
    let factor = factor(style);
    let palette = colours(&style.visuals);
    LineStyle {
        color: palette.of(look.hue).lerp_to_gamma(palette.plot, look.fade),
        width: look.width * factor,
        dash: look.dash.map(|length| length * factor),
        marker: look.marker,
    }
}

/// The style of a run's most important lines: of a ghost's style, or of the current run.
pub(in crate::paint) fn run_style(style: &egui::Style, ghost: Option<usize>) -> LineStyle {
    ghost.map_or_else(|| of_look(style, CURRENT), |index| ghost_style(style, index))
}

/// The look of the current run's most important lines.
const CURRENT: Look = Look::curve(Hue::Blue, 2.6);

/// The style of a ghost's most important lines.
pub(in crate::paint) fn ghost_style(style: &egui::Style, index: usize) -> LineStyle {
    let palette = colours(&style.visuals);
    if index >= N_GHOST_STYLES {
        let color = palette.weak.lerp_to_gamma(palette.plot, 0.4);
        return LineStyle { color, width: 0.7 * factor(style), dash: None, marker: None };
    }
    let colors = palette.ghosts;
    // The second four styles repeat the colours, with dashed and solid exchanged.
    let color = colors[(index + index / 4 * 2) % 4];
    let factor = factor(style);
    let (width, dash) = [
        (2.0, None),
        (1.2, None),
        (1.8, Some(12.0)),
        (1.8, Some(4.0)),
        (3.0, None),
        (0.9, None),
        (3.0, Some(18.0)),
        (1.2, Some(7.0)),
    ][index];
    LineStyle {
        color,
        width: width * factor,
        dash: dash.map(|dash: f32| dash * factor),
        marker: None,
    }
}

/// The style of a ghost's line; less important lines are thinner, and differ by lightness and dashes.
fn of_ghost(style: &egui::Style, index: usize, look: Look) -> LineStyle {
    let line_style = ghost_style(style, index);
    if look.is_main {
        return line_style;
    }
    let background = colours(&style.visuals).plot;
    let fade = LEAST_FADE.max(look.fade);
    let dash = match (line_style.dash, look.dash) {
        (Some(own), Some(length)) => Some(own * length / LONGEST_DASH),
        (own, None) => own,
        (None, Some(length)) => Some(length * factor(style)),
    };
    LineStyle {
        color: line_style.color.lerp_to_gamma(background, fade),
        width: line_style.width * 0.7,
        dash,
        ..line_style
    }
}

/// The least share of the background in the colour of a ghost's less important lines.
const LEAST_FADE: f32 = 0.25;

/// Length of a dash in a look that is as long as a ghost's own dashes in its lines.
const LONGEST_DASH: f32 = 10.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::style::theme::{Theme, activate, install};

    #[test]
    fn ghosts_differ_by_colour_and_by_dash_or_width_and_none_has_a_colour_of_the_current_run() {
        let ctx = egui::Context::default();
        install(&ctx);
        for theme in Theme::ALL {
            activate(&ctx, theme, 1.0);
            let style = ctx.style_of(ctx.theme());
            let styles: Vec<_> =
                (0..=N_GHOST_STYLES).map(|index| ghost_style(&style, index)).collect();
            for (i, a) in styles.iter().enumerate() {
                for b in &styles[..i] {
                    let is_solid = |line_style: &LineStyle| line_style.dash.is_none();
                    assert!(a.color != b.color || is_solid(a) != is_solid(b), "{a:?} {b:?}");
                    assert!(a.dash != b.dash || a.width != b.width, "{a:?} {b:?}");
                }
                let mut own =
                    Hue::ALL.into_iter().map(|hue| of_look(&style, Look::curve(hue, 1.0)));
                assert!(own.all(|own| own.color != a.color), "{a:?}");
            }
        }
    }
}
