//! The style of lines by role: colour, width, dashes and markers.

use eframe::egui;
use eframe::egui::Color32;

use crate::figure::{Line, N_GHOST_LOOKS, Role};

use super::theme::{colours, factor};

/// The style of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::paint) struct Look {
    /// Colour; a ghost has one for all its lines.
    pub(in crate::paint) color: Color32,
    /// Width in logical points.
    pub(in crate::paint) width: f32,
    /// Length of dashes in logical points; `None` is solid.
    pub(in crate::paint) dash: Option<f32>,
    /// Marker along the line, to distinguish it without colour.
    pub(in crate::paint) sign: Option<Sign>,
}

/// A marker along a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::paint) enum Sign {
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

/// The style of a line in the theme of an egui style.
pub(in crate::paint) fn look(style: &egui::Style, line: &Line) -> Look {
    if let Some(ghost) = &line.ghost {
        return of_ghost(style, ghost.place, line.role);
    }
    let palette = colours(&style.visuals);
    let (color, width) = match line.role {
        Role::Eigenvalue(1) => (palette.blue, 2.6),
        Role::Eigenvalue(2) => (palette.green, 2.0),
        Role::Eigenvalue(3) => (palette.orange, 1.7),
        Role::Eigenvalue(4) => (palette.purple, 1.5),
        Role::Eigenvalue(5) => (palette.sky, 1.3),
        Role::Eigenvalue(_) => (palette.grey, 1.2),
        Role::Preconditioned => (palette.purple, 2.8),
        Role::BatchSharpness => (palette.brown, 2.2),
        Role::Smallest => (palette.text, 1.0),
        Role::Audit => (palette.text, 2.0),
        Role::Threshold => (palette.vermillion, 2.2),
        Role::EffectiveThreshold | Role::EffectiveRate | Role::ClipLevel => {
            (palette.vermillion, 1.8)
        }
        Role::TrainLoss | Role::Rate | Role::GradNorm => (palette.blue, 2.2),
        Role::TestLoss => (palette.orange, 2.2),
        Role::ProbeLoss => (palette.green, 1.8),
    };
    let factor = factor(style);
    // Two dashed lines of one panel differ by the length of their dashes.
    let dash = if line.role == Role::ProbeLoss { 4.0 } else { 7.0 };
    let dash = line.role.is_dashed().then_some(dash * factor);
    Look { color, width: width * factor, dash, sign: sign(line.role) }
}

/// The sign along a line that only its colour would tell from another of its panel.
fn sign(role: Role) -> Option<Sign> {
    match role {
        Role::Eigenvalue(2) => Some(Sign::Circle),
        Role::Eigenvalue(3) => Some(Sign::Square),
        Role::Eigenvalue(4) => Some(Sign::Plus),
        Role::Eigenvalue(5) => Some(Sign::Left),
        Role::Eigenvalue(6) => Some(Sign::Star),
        Role::Smallest => Some(Sign::Right),
        Role::Preconditioned => Some(Sign::Diamond),
        Role::BatchSharpness => Some(Sign::Up),
        Role::Eigenvalue(_)
        | Role::Audit
        | Role::Threshold
        | Role::EffectiveThreshold
        | Role::TrainLoss
        | Role::TestLoss
        | Role::ProbeLoss
        | Role::Rate
        | Role::EffectiveRate
        | Role::GradNorm
        | Role::ClipLevel => None,
    }
}

/// The style of a ghost's most important lines.
pub(in crate::paint) fn ghost_look(style: &egui::Style, place: usize) -> Look {
    let palette = colours(&style.visuals);
    if place >= N_GHOST_LOOKS {
        let color = palette.weak.lerp_to_gamma(palette.plot, 0.4);
        return Look { color, width: 0.7 * factor(style), dash: None, sign: None };
    }
    let colors = palette.ghosts;
    // The second four styles repeat the colours, with dashed and solid exchanged.
    let color = colors[(place + place / 4 * 2) % 4];
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
    ][place];
    Look { color, width: width * factor, dash: dash.map(|dash: f32| dash * factor), sign: None }
}

/// The style of a ghost's line; less important lines are thinner and fainter.
fn of_ghost(style: &egui::Style, place: usize, role: Role) -> Look {
    let look = ghost_look(style, place);
    if matches!(
        role,
        Role::Eigenvalue(1) | Role::Preconditioned | Role::TrainLoss | Role::Rate | Role::GradNorm
    ) {
        return look;
    }
    Look { color: look.color.gamma_multiply(0.6), width: look.width * 0.7, ..look }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Trace;
    use crate::paint::style::theme::{Theme, install, wear};

    #[test]
    fn ghosts_differ_by_colour_and_by_dash_or_width_and_none_has_a_colour_of_the_current_run() {
        let ctx = egui::Context::default();
        install(&ctx);
        for theme in Theme::ALL {
            wear(&ctx, theme, 1.0);
            let style = ctx.style_of(ctx.theme());
            let line = |role| Line::new(role, String::new(), None, Trace::default());
            let looks: Vec<_> =
                (0..=N_GHOST_LOOKS).map(|place| ghost_look(&style, place)).collect();
            for (i, a) in looks.iter().enumerate() {
                for b in &looks[..i] {
                    let is_solid = |look: &Look| look.dash.is_none();
                    assert!(a.color != b.color || is_solid(a) != is_solid(b), "{a:?} {b:?}");
                    assert!(a.dash != b.dash || a.width != b.width, "{a:?} {b:?}");
                }
                let own = all_roles().into_iter().flatten().map(|role| look(&style, &line(role)));
                assert!(own.into_iter().all(|own| own.color != a.color), "{a:?}");
            }
        }
    }

    fn all_roles() -> Vec<Vec<Role>> {
        let eigenvalues = (1..=6).map(Role::Eigenvalue);
        // Without the threshold: it is the only line at the edge of a shaded region.
        let rest = [Role::Smallest, Role::BatchSharpness, Role::EffectiveThreshold];
        vec![
            eigenvalues.chain(rest).collect(),
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
            wear(&ctx, theme, 1.0);
            let style = ctx.style_of(ctx.theme());
            for roles in all_roles() {
                let looks: Vec<_> = roles
                    .iter()
                    .map(|role| Line::new(*role, String::new(), None, Trace::default()))
                    .map(|line| look(&style, &line))
                    .collect();
                for (i, a) in looks.iter().enumerate() {
                    for b in &looks[..i] {
                        assert!(a.color != b.color || a.dash != b.dash, "{a:?} {b:?}");
                        assert!(a.dash != b.dash || a.sign != b.sign, "{a:?} {b:?}");
                    }
                }
            }
        }
    }
}
