//! Every colour, width and size, dark and light.
//! Does not know what is drawn with them.

use eframe::egui;
use eframe::egui::{Color32, FontFamily, FontId, Stroke, TextStyle, Visuals};

use crate::figure::{Line, N_GHOST_LOOKS, Role};

/// Body text in logical points on screen: readable from the back of a lecture hall when projected.
const BODY_SIZE: f32 = 15.0;

/// Dark for screens and projectors, light for print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// Light background.
    #[default]
    Light,
    /// Dark background.
    Dark,
}

impl From<Theme> for egui::Theme {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

/// Gives a context both themes and the fonts; which one shows is `ctx.set_theme(..)`.
pub fn install(ctx: &egui::Context) {
    install_scaled(ctx, 1.0);
}

/// [`install`] with all sizes times a factor.
pub(super) fn install_scaled(ctx: &egui::Context, factor: f32) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Light, Theme::Dark] {
        ctx.style_mut_of(theme.into(), |style| {
            style.visuals = visuals(theme);
            size(style, factor);
        });
    }
}

/// The bundled fonts, with Hack to stand in where the proportional one lacks a sign (‖, →, ∇, ⁻).
fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::default();
    let families = fonts.families.entry(FontFamily::Proportional).or_default();
    if !families.iter().any(|name| name == "Hack") {
        families.insert(1.min(families.len()), "Hack".to_owned());
    }
    fonts
}

fn size(style: &mut egui::Style, factor: f32) {
    use TextStyle::{Body, Button, Heading, Monospace, Small};
    let sizes = [(Body, 1.0), (Button, 1.0), (Heading, 1.35), (Monospace, 0.95), (Small, 0.82)];
    for (text_style, relative) in sizes {
        let family =
            if text_style == Monospace { FontFamily::Monospace } else { FontFamily::Proportional };
        style.text_styles.insert(text_style, FontId::new(BODY_SIZE * relative * factor, family));
    }
    style.spacing.item_spacing = egui::vec2(8.0, 8.0) * factor;
    style.spacing.button_padding = egui::vec2(12.0, 6.0) * factor;
    style.spacing.interact_size.y = 28.0 * factor;
    style.spacing.slider_width = 180.0 * factor;
    style.spacing.tooltip_width = 420.0 * factor;
}

fn visuals(theme: Theme) -> Visuals {
    let palette = palette(theme == Theme::Dark);
    let mut visuals = if theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.card;
    visuals.extreme_bg_color = palette.plot;
    visuals.faint_bg_color = palette.card;
    visuals.weak_text_color = Some(palette.weak);
    visuals.hyperlink_color = palette.accent;
    visuals.selection.bg_fill = palette.accent.gamma_multiply(0.55);
    visuals.selection.stroke = Stroke::new(1.0, palette.strong);
    visuals.slider_trailing_fill = true;
    visuals.warn_fg_color = palette.orange;
    visuals.error_fg_color = palette.vermillion;
    visuals.widgets.noninteractive.fg_stroke.color = palette.text;
    visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.frame);
    visuals.widgets.inactive.fg_stroke.color = palette.text;
    visuals.widgets.active.fg_stroke.color = palette.strong;
    let widgets = &mut visuals.widgets;
    for widget in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        widget.corner_radius = 6.into();
    }
    visuals
}

/// The colours of one theme; the eight of the series are Okabe and Ito's, with brighter ones on dark.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Titles and pressed widgets.
    pub strong: Color32,
    /// Text.
    pub text: Color32,
    /// Second-rank text: tick labels, notes, captions.
    pub weak: Color32,
    /// Background of the window.
    pub panel: Color32,
    /// Background of cards and windows within the window.
    pub card: Color32,
    /// Background of plots.
    pub plot: Color32,
    /// Outline of plots.
    pub frame: Color32,
    /// Grid lines.
    pub grid: Color32,
    /// Sliders, links and selections.
    pub accent: Color32,
    /// Okabe and Ito's blue.
    pub blue: Color32,
    /// Their bluish green.
    pub green: Color32,
    /// Their orange.
    pub orange: Color32,
    /// Their reddish purple.
    pub purple: Color32,
    /// Their sky blue.
    pub sky: Color32,
    /// Their vermillion.
    pub vermillion: Color32,
    /// A neutral grey.
    pub grey: Color32,
    /// Muted colours of ghosts, one for each look.
    pub ghosts: [Color32; N_GHOST_LOOKS],
}

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

static LIGHT: Palette = Palette {
    strong: rgb(0x0010_1418),
    text: rgb(0x0028_2e36),
    weak: rgb(0x0056_5f6b),
    panel: rgb(0x00ff_ffff),
    card: rgb(0x00f3_f5f8),
    plot: rgb(0x00ff_ffff),
    frame: rgb(0x00b4_bcc6),
    grid: rgb(0x00dd_e2e8),
    accent: rgb(0x0000_72b2),
    blue: rgb(0x0000_72b2),
    green: rgb(0x0000_9e73),
    orange: rgb(0x00d8_9000),
    purple: rgb(0x00cc_79a7),
    sky: rgb(0x0056_b4e9),
    vermillion: rgb(0x00d5_5e00),
    grey: rgb(0x0080_8080),
    ghosts: [rgb(0x0086_97ab), rgb(0x00b0_9468), rgb(0x00a0_7fae), rgb(0x0074_9a7e)],
};

static DARK: Palette = Palette {
    strong: rgb(0x00ff_ffff),
    text: rgb(0x00dd_e3ea),
    weak: rgb(0x009a_a6b4),
    panel: rgb(0x0014_181d),
    card: rgb(0x001d_232a),
    plot: rgb(0x000e_1115),
    frame: rgb(0x0046_505c),
    grid: rgb(0x0027_2e36),
    accent: rgb(0x0056_b4e9),
    blue: rgb(0x0056_b4e9),
    green: rgb(0x002c_c79b),
    orange: rgb(0x00f2_b134),
    purple: rgb(0x00e3_9bc4),
    sky: rgb(0x003d_8fd0),
    vermillion: rgb(0x00ff_7a3c),
    grey: rgb(0x0098_98a0),
    ghosts: [rgb(0x0084_93a8), rgb(0x00b0_945f), rgb(0x00a5_83b4), rgb(0x0074_a080)],
};

/// The colours of the dark or of the light theme.
#[must_use]
fn palette(is_dark: bool) -> &'static Palette {
    if is_dark { &DARK } else { &LIGHT }
}

/// The colours of the theme that shows.
#[must_use]
pub fn colours(visuals: &Visuals) -> &'static Palette {
    palette(visuals.dark_mode)
}

/// How large things are, relative to their size on screen.
#[must_use]
pub fn factor(style: &egui::Style) -> f32 {
    TextStyle::Body.resolve(style).size / BODY_SIZE
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Its colour, that of the whole run for a ghost.
    pub color: Color32,
    /// Its width in logical points.
    pub width: f32,
    /// Length of its dashes in logical points; `None` is solid.
    pub dash: Option<f32>,
}

/// The look of a line on the screen's style.
#[must_use]
pub fn look(style: &egui::Style, line: &Line) -> Look {
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
    Look { color, width: width * factor, dash }
}

/// The look of a ghost's most important lines.
#[must_use]
pub fn ghost_look(style: &egui::Style, place: usize) -> Look {
    let place = place % N_GHOST_LOOKS;
    let color = colours(&style.visuals).ghosts[place];
    let factor = factor(style);
    let (width, dash) = [(2.0, None), (1.2, None), (1.8, Some(12.0)), (1.8, Some(4.0))][place];
    Look { color, width: width * factor, dash: dash.map(|dash: f32| dash * factor) }
}

/// A ghost is told from others by its look; its lesser lines are thinner and fainter.
fn of_ghost(style: &egui::Style, place: usize, role: Role) -> Look {
    let look = ghost_look(style, place);
    if matches!(role, Role::Eigenvalue(1) | Role::TrainLoss | Role::Rate | Role::GradNorm) {
        return look;
    }
    Look { color: look.color.gamma_multiply(0.6), width: look.width * 0.7, ..look }
}

/// Shading of the region above the stability threshold.
#[must_use]
pub fn unstable_fill(palette: &Palette) -> Color32 {
    palette.vermillion.gamma_multiply(0.13)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Trace;

    #[test]
    fn ghosts_differ_by_colour_and_by_dash_or_width_and_none_has_a_colour_of_the_current_run() {
        let ctx = egui::Context::default();
        install(&ctx);
        for theme in [Theme::Light, Theme::Dark] {
            let style = ctx.style_of(theme.into());
            let line = |role| Line::new(role, String::new(), None, Trace::default());
            let looks: Vec<_> = (0..N_GHOST_LOOKS).map(|place| ghost_look(&style, place)).collect();
            for (i, a) in looks.iter().enumerate() {
                for b in &looks[..i] {
                    assert!(a.color != b.color, "{a:?} {b:?}");
                    assert!(a.dash != b.dash || a.width != b.width, "{a:?} {b:?}");
                }
                let own = all_roles().into_iter().flatten().map(|role| look(&style, &line(role)));
                assert!(own.into_iter().all(|own| own.color != a.color), "{a:?}");
            }
        }
    }

    fn all_roles() -> Vec<Vec<Role>> {
        let eigenvalues = (1..=6).map(Role::Eigenvalue);
        let rest = [Role::Smallest, Role::Threshold, Role::EffectiveThreshold];
        vec![
            eigenvalues.chain(rest).collect(),
            vec![Role::TrainLoss, Role::TestLoss, Role::ProbeLoss],
            vec![Role::Rate, Role::EffectiveRate],
            vec![Role::GradNorm, Role::ClipLevel],
        ]
    }

    #[test]
    fn lines_of_one_panel_differ_by_dash_or_width_and_by_colour_or_dash() {
        let ctx = egui::Context::default();
        install(&ctx);
        for theme in [Theme::Light, Theme::Dark] {
            let style = ctx.style_of(theme.into());
            for roles in all_roles() {
                let looks: Vec<_> = roles
                    .iter()
                    .map(|role| Line::new(*role, String::new(), None, Trace::default()))
                    .map(|line| look(&style, &line))
                    .collect();
                for (i, a) in looks.iter().enumerate() {
                    for b in &looks[..i] {
                        assert!(a.dash != b.dash || a.width != b.width, "{a:?} {b:?}");
                        assert!(a.dash != b.dash || a.color != b.color, "{a:?} {b:?}");
                    }
                }
            }
        }
    }
}
