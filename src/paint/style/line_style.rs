//! The style of lines by role: colour, width, dashes and markers.

use eframe::egui;
use eframe::egui::Color32;

use crate::figure::{Line, N_GHOST_STYLES, Role};

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

/// A marker along a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::paint) enum Marker {
    /// ●
    Circle,
    /// ■
    Square,
    /// +
    Plus,
    /// ◀
    Left,
    /// ▶
    Right,
    /// ✳
    Star,
    /// ◆
    Diamond,
    /// ▲
    Up,
}

/// The style of a line in the theme of an egui style. Lines of one panel that would differ only by
/// colour have markers.
pub(in crate::paint) fn line_style(style: &egui::Style, line: &Line) -> LineStyle {
    if let Some(ghost) = &line.ghost {
        return of_ghost(style, ghost.style, line.role);
    }
    let palette = colours(&style.visuals);
    let (color, width, marker) = match line.role {
        Role::Eigenvalue(1) => (palette.blue, 2.6, None),
        Role::Eigenvalue(2) => (palette.green, 2.0, Some(Marker::Circle)),
        Role::Eigenvalue(3) => (palette.orange, 1.7, Some(Marker::Square)),
        Role::Eigenvalue(4) => (palette.purple, 1.5, Some(Marker::Plus)),
        Role::Eigenvalue(5) => (palette.sky, 1.3, Some(Marker::Left)),
        Role::Eigenvalue(6) => (palette.grey, 1.2, Some(Marker::Star)),
        Role::Eigenvalue(_) => (palette.grey, 1.2, None),
        Role::Preconditioned => (palette.purple, 2.8, Some(Marker::Diamond)),
        Role::BatchSharpness => (palette.brown, 2.2, Some(Marker::Up)),
        Role::Smallest => (palette.text, 1.0, Some(Marker::Right)),
        Role::Audit => (palette.text, 2.0, None),
        Role::DirectionalMean => (palette.blue, 2.6, Some(Marker::Diamond)),
        Role::Directional => (palette.green, 1.0, None),
        Role::Threshold | Role::DirectionalThreshold => (palette.vermillion, 2.2, None),
        Role::EffectiveThreshold | Role::EffectiveRate | Role::ClipLevel => {
            (palette.vermillion, 1.8, None)
        }
        Role::TrainLoss | Role::Rate | Role::GradNorm => (palette.blue, 2.2, None),
        Role::TestLoss => (palette.orange, 2.2, None),
        Role::ProbeLoss => (palette.green, 1.8, None),
    };
    let factor = factor(style);
    // Two dashed lines of one panel differ by the length of their dashes.
    let dash = if line.role == Role::ProbeLoss { 4.0 } else { 7.0 };
    let dash = line.role.is_dashed().then_some(dash * factor);
    LineStyle { color, width: width * factor, dash, marker }
}

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

/// The style of a ghost's line; less important lines are thinner and fainter.
fn of_ghost(style: &egui::Style, index: usize, role: Role) -> LineStyle {
    let line_style = ghost_style(style, index);
    if matches!(
        role,
        Role::Eigenvalue(1)
            | Role::Preconditioned
            | Role::DirectionalMean
            | Role::TrainLoss
            | Role::Rate
            | Role::GradNorm
    ) {
        return line_style;
    }
    LineStyle {
        color: line_style.color.gamma_multiply(0.6),
        width: line_style.width * 0.7,
        ..line_style
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Trace;
    use crate::paint::style::theme::{Theme, activate, install};

    #[test]
    fn ghosts_differ_by_colour_and_by_dash_or_width_and_none_has_a_colour_of_the_current_run() {
        let ctx = egui::Context::default();
        install(&ctx);
        for theme in Theme::ALL {
            activate(&ctx, theme, 1.0);
            let style = ctx.style_of(ctx.theme());
            let line = |role| Line::new(role, String::new(), None, Trace::default());
            let styles: Vec<_> =
                (0..=N_GHOST_STYLES).map(|index| ghost_style(&style, index)).collect();
            for (i, a) in styles.iter().enumerate() {
                for b in &styles[..i] {
                    let is_solid = |line_style: &LineStyle| line_style.dash.is_none();
                    assert!(a.color != b.color || is_solid(a) != is_solid(b), "{a:?} {b:?}");
                    assert!(a.dash != b.dash || a.width != b.width, "{a:?} {b:?}");
                }
                let own =
                    all_roles().into_iter().flatten().map(|role| line_style(&style, &line(role)));
                assert!(own.into_iter().all(|own| own.color != a.color), "{a:?}");
            }
        }
    }

    fn all_roles() -> Vec<Vec<Role>> {
        let eigenvalues = (1..=6).map(Role::Eigenvalue);
        // Without the thresholds: each is the only line at the edge of a shaded region.
        let rest = [Role::Smallest, Role::BatchSharpness, Role::EffectiveThreshold];
        vec![
            eigenvalues.chain(rest).collect(),
            vec![Role::DirectionalMean, Role::Directional],
            vec![Role::TrainLoss, Role::TestLoss, Role::ProbeLoss],
            vec![Role::Rate, Role::EffectiveRate],
            vec![Role::GradNorm, Role::ClipLevel],
        ]
    }

    #[test]
    fn lines_of_one_panel_differ_by_colour_and_by_dash_or_shape() {
        let ctx = egui::Context::default();
        install(&ctx);
        for theme in Theme::ALL {
            activate(&ctx, theme, 1.0);
            let style = ctx.style_of(ctx.theme());
            for roles in all_roles() {
                let styles: Vec<_> = roles
                    .iter()
                    .map(|role| Line::new(*role, String::new(), None, Trace::default()))
                    .map(|line| line_style(&style, &line))
                    .collect();
                for (i, a) in styles.iter().enumerate() {
                    for b in &styles[..i] {
                        assert!(a.color != b.color || a.dash != b.dash, "{a:?} {b:?}");
                        assert!(a.dash != b.dash || a.marker != b.marker, "{a:?} {b:?}");
                    }
                }
            }
        }
    }
}
