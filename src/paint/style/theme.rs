//! The themes as egui styles: colours of widgets, fonts and sizes.

use eframe::egui;
use eframe::egui::{Color32, FontFamily, FontId, Stroke, TextStyle, Visuals};

use super::palette::{CONTRAST, DARK, LIGHT};
pub use super::palette::{Palette, contrast};

/// Size of body text on screen in logical points, large enough for a projector in a lecture hall.
const BODY_SIZE: f32 = 15.0;

/// Dark for screens and projectors, light for print, high contrast for accessibility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Light background.
    #[default]
    Light,
    /// Dark background.
    Dark,
    /// Black background, bright colours and clear outlines.
    Contrast,
}

impl Theme {
    /// All themes, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::Contrast];

    /// Its name on screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::Contrast => "High contrast",
        }
    }

    /// The active theme of a context.
    #[must_use]
    pub fn of(ctx: &egui::Context) -> Self {
        let palette = ctx.style_of(ctx.theme());
        if is_contrast(&palette.visuals) {
            Self::Contrast
        } else if palette.visuals.dark_mode {
            Self::Dark
        } else {
            Self::Light
        }
    }
}

impl From<Theme> for egui::Theme {
    /// egui has two themes; high contrast replaces the dark one.
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self::Light,
            Theme::Dark | Theme::Contrast => Self::Dark,
        }
    }
}

/// Installs the fonts and the light and dark themes in a context; `ctx.set_theme(..)` selects one.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Light, Theme::Dark] {
        set_style(ctx, theme, 1.0);
    }
}

/// Activates a theme in a context, with all sizes scaled by a factor.
pub fn activate(ctx: &egui::Context, theme: Theme, factor: f32) {
    for usual in [Theme::Light, Theme::Dark, theme] {
        set_style(ctx, usual, factor);
    }
    ctx.set_theme(egui::Theme::from(theme));
}

/// Scales all sizes by a factor and leaves the theme as it is.
pub fn resize(ctx: &egui::Context, factor: f32) {
    ctx.all_styles_mut(|style| size(style, factor));
}

fn set_style(ctx: &egui::Context, theme: Theme, factor: f32) {
    ctx.style_mut_of(theme.into(), |style| {
        style.visuals = visuals(theme);
        size(style, factor);
    });
}

/// The bundled fonts, with Hack as fallback for glyphs missing in the proportional one (‖, →, ∇,
/// ⁻).
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
    // Room for the longest menu.
    style.spacing.default_area_size.y = 680.0 * factor;
}

fn visuals(theme: Theme) -> Visuals {
    let palette = palette(theme);
    let mut visuals = if theme == Theme::Light { Visuals::light() } else { Visuals::dark() };
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.card;
    visuals.extreme_bg_color = palette.plot;
    visuals.faint_bg_color = palette.card;
    visuals.weak_text_color = Some(palette.weak);
    visuals.hyperlink_color = palette.accent;
    visuals.selection.bg_fill = palette.accent.gamma_multiply(0.55);
    visuals.selection.stroke = Stroke::new(1.0, palette.strong);
    visuals.slider_trailing_fill = true;
    visuals.warn_fg_color = palette.ink(palette.orange);
    visuals.error_fg_color = palette.ink(palette.vermillion);
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
    if theme == Theme::Contrast {
        outline(&mut visuals, palette);
    }
    visuals
}

/// Adds outlines to all controls, thick when hovered or focused, because not everybody can see
/// small differences of fill.
fn outline(visuals: &mut Visuals, palette: &Palette) {
    let widgets = &mut visuals.widgets;
    widgets.inactive.bg_stroke = Stroke::new(1.0, palette.weak);
    for widget in [&mut widgets.hovered, &mut widgets.active, &mut widgets.open] {
        widget.bg_stroke = Stroke::new(2.5, palette.orange);
        widget.fg_stroke.color = palette.strong;
    }
    for widget in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
        widget.weak_bg_fill = palette.card;
        widget.bg_fill = palette.grid;
    }
    visuals.selection.bg_fill = SELECTED;
    visuals.window_stroke = Stroke::new(1.5, palette.frame);
    visuals.disabled_alpha = 0.65;
}

/// Background of selected text in high contrast.
const SELECTED: egui::Color32 = egui::Color32::from_rgb(0, 70, 125);

/// The colours of a theme.
fn palette(theme: Theme) -> &'static Palette {
    match theme {
        Theme::Light => &LIGHT,
        Theme::Dark => &DARK,
        Theme::Contrast => &CONTRAST,
    }
}

/// The colours of the active theme.
#[must_use]
pub fn colours(visuals: &Visuals) -> &'static Palette {
    match visuals.dark_mode {
        true if is_contrast(visuals) => &CONTRAST,
        true => &DARK,
        false => &LIGHT,
    }
}

/// Recognized by the background, because egui distinguishes only light and dark.
fn is_contrast(visuals: &Visuals) -> bool {
    visuals.panel_fill == CONTRAST.panel
}

/// Scale of sizes, relative to the screen's default.
#[must_use]
pub fn factor(style: &egui::Style) -> f32 {
    TextStyle::Body.resolve(style).size / BODY_SIZE
}

/// Fill of the region above the stability threshold.
#[must_use]
pub fn unstable_fill(palette: &Palette) -> Color32 {
    palette.vermillion.gamma_multiply(0.13)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_every_widget_can_be_read_in_every_theme() {
        for theme in Theme::ALL {
            let (visuals, palette) = (visuals(theme), palette(theme));
            let widgets = &visuals.widgets;
            let widgets = [&widgets.inactive, &widgets.hovered, &widgets.active, &widgets.open];
            let on_widgets = widgets.map(|widget| (widget.fg_stroke.color, widget.weak_bg_fill));
            let selected = visuals.panel_fill.blend(visuals.selection.bg_fill);
            let plain = [
                visuals.text_color(),
                visuals.weak_text_color(),
                visuals.strong_text_color(),
                visuals.hyperlink_color,
                visuals.warn_fg_color,
                visuals.error_fg_color,
            ];
            let plain = plain
                .into_iter()
                .flat_map(|text| [(text, visuals.panel_fill), (text, visuals.window_fill)]);
            let selected = [(visuals.selection.stroke.color, selected)];
            for (text, back) in on_widgets.into_iter().chain(plain).chain(selected) {
                let found = contrast(text, back);
                assert!(found >= palette.least_contrast(), "{theme:?} {text:?} {back:?}: {found}");
            }
        }
    }

    #[test]
    fn a_context_shows_the_active_theme_at_the_requested_scale() {
        let ctx = egui::Context::default();
        install(&ctx);
        for theme in Theme::ALL {
            activate(&ctx, theme, 1.4);
            assert_eq!(Theme::of(&ctx), theme);
            let style = ctx.style_of(ctx.theme());
            assert_eq!(colours(&style.visuals).panel, palette(theme).panel);
            assert!((factor(&style) - 1.4).abs() < 1e-6);
        }
    }
}
