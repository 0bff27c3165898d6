//! Appearance of the window as the user has set it: theme, scale, desk or Present, visible plots,
//! pinned controls and open sections.

mod control_sections;
mod pins;
mod plot_arrangement;
mod shown_plots;
mod stored_tiles;

use eframe::egui::{Context, Vec2, ViewportCommand, vec2};
use serde::{Deserialize, Serialize};

use crate::figure::PanelKind;
use crate::paint::{Theme, Tiles, theme};

pub(in crate::ui) use self::control_sections::{ControlSection, OpenSections};
pub(in crate::ui) use self::pins::{Pins, can_pin};
pub(in crate::ui) use self::plot_arrangement::Arrangement;
pub(in crate::ui) use self::shown_plots::ShownPlots;
pub(in crate::ui) use self::stored_tiles::StoredTiles;

/// Factor on font sizes and line widths in Present, in a window of [`PRESENT_SIZE`].
const PRESENT_FACTOR: f32 = 1.4;

/// Size in points of a window in which text has [`PRESENT_FACTOR`].
const PRESENT_SIZE: Vec2 = vec2(1024.0, 740.0);

/// Steps of the factor per unit: few, so that resizing a window makes few sizes of fonts.
const FACTORS_PER_UNIT: f32 = 20.0;

/// Range of the factor.
const FACTORS: [f32; 2] = [0.5, 3.0];

/// Range of the interface scale in percent.
const SCALES: std::ops::RangeInclusive<i16> = 100..=275;

/// Theme, scale, visible plots, pinned controls and open sections; stored between launches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::ui) struct Appearance {
    /// The theme; `None` follows the desktop.
    theme: Option<Theme>,
    /// Interface scale in percent.
    scale: i16,
    /// Whether the window shows Present instead of the desk view.
    is_present: bool,
    /// Controls in the strip of Present.
    pub(in crate::ui) pins: Pins,
    /// Open sections of the controls.
    pub(in crate::ui) sections: OpenSections,
    /// The visible plots of the desk view.
    #[serde(flatten)]
    desk: ShownPlots,
    /// The visible plots of Present.
    present: ShownPlots,
}

impl Default for Appearance {
    fn default() -> Self {
        Self {
            theme: None,
            scale: *SCALES.start(),
            is_present: false,
            pins: Pins::default(),
            sections: OpenSections::default(),
            desk: ShownPlots::default(),
            present: ShownPlots::of_present(),
        }
    }
}

impl Appearance {
    /// Applies theme and scale to the window.
    pub(in crate::ui) fn apply(&self, ctx: &Context) {
        if let Some(theme) = self.theme {
            theme::activate(ctx, theme, theme::factor(&ctx.global_style()));
        }
        ctx.set_zoom_factor(f32::from(self.percent()) / 100.0);
    }

    /// Gives text the size for this view and window; returns whether that is another one.
    pub(in crate::ui) fn fit_text(&self, ctx: &Context) -> bool {
        let factor = self.factor(ctx);
        let is_other = (factor - theme::factor(&ctx.global_style())).abs() > 1e-3;
        if is_other {
            theme::resize(ctx, factor);
        }
        is_other
    }

    /// Factor on font sizes and line widths. In Present, text grows with the window, but less than in
    /// proportion, so that the scale also enlarges it.
    fn factor(&self, ctx: &Context) -> f32 {
        if !self.is_present {
            return 1.0;
        }
        let factor = PRESENT_FACTOR * (ctx.content_rect().size() / PRESENT_SIZE).min_elem().sqrt();
        let [least, most] = FACTORS;
        // Also for a window without a size yet.
        ((factor * FACTORS_PER_UNIT).round() / FACTORS_PER_UNIT).max(least).min(most)
    }

    /// Interface scale in percent, clamped to its range.
    pub(in crate::ui) fn percent(&self) -> i16 {
        self.scale.clamp(*SCALES.start(), *SCALES.end())
    }

    /// Whether the window shows Present.
    pub(in crate::ui) fn is_present(&self) -> bool {
        self.is_present
    }

    /// Sets another theme.
    pub(in crate::ui) fn set_theme(&mut self, theme: Theme) {
        self.theme = Some(theme);
    }

    /// Shows Present, or the desk view.
    pub(in crate::ui) fn set_present(&mut self, is_present: bool) {
        self.is_present = is_present;
    }

    /// Enlarges everything by so many tenths of the default size; 0 restores the default.
    pub(in crate::ui) fn scale(&mut self, tenths: i16) {
        let scale = if tenths == 0 { *SCALES.start() } else { self.percent() + 10 * tenths };
        self.scale = scale.clamp(*SCALES.start(), *SCALES.end());
    }

    /// The visible plots of the view that is shown.
    pub(in crate::ui) fn plots(&self) -> &ShownPlots {
        if self.is_present { &self.present } else { &self.desk }
    }

    /// Shows or hides a plot in the view that is shown.
    pub(in crate::ui) fn toggle(&mut self, panel: PanelKind) {
        self.plots_mut().toggle(panel);
    }

    /// Shows a named arrangement in the view that is shown, or the user's own one if `None`.
    pub(in crate::ui) fn arrange(
        &mut self,
        arrangement: Option<&'static Arrangement>,
        tiles: &mut Tiles,
    ) {
        match arrangement {
            Some(arrangement) => self.plots_mut().arrange(arrangement, tiles),
            None => self.plots_mut().arrange_own(tiles),
        }
    }

    /// The arrangement after the one that is shown; `None` is the user's own.
    pub(in crate::ui) fn next_arrangement(&self, tiles: &Tiles) -> Option<&'static Arrangement> {
        let (plots, all) = (self.plots(), Arrangement::all());
        let Some(now) = plots.arrangement(tiles) else { return Some(all[0]) };
        let at = all.iter().position(|one| *one == now).unwrap_or(0);
        match all.get(at + 1) {
            None if !plots.has_own(tiles) => Some(all[0]),
            next => next.copied(),
        }
    }

    fn plots_mut(&mut self) -> &mut ShownPlots {
        if self.is_present { &mut self.present } else { &mut self.desk }
    }
}

/// Toggles full screen.
pub(in crate::ui) fn toggle_full_screen(ctx: &Context) {
    let is_full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
    ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!is_full));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_stays_within_its_range() {
        let mut appearance = Appearance::default();
        appearance.scale(-1);
        assert_eq!(appearance.percent(), 100);
        (0..20).for_each(|_| appearance.scale(1));
        assert_eq!(appearance.percent(), 275);
        appearance.scale(0);
        assert_eq!(appearance.percent(), 100);
    }

    #[test]
    fn an_optional_plot_is_hidden_until_it_is_asked_for_and_that_is_remembered() {
        let mut appearance = Appearance::default();
        assert_eq!(appearance.plots().all(), PanelKind::usual());
        appearance.toggle(PanelKind::AlongUpdate);
        assert_eq!(appearance.plots().all(), PanelKind::GROUPS);
        let text = toml::to_string(&appearance).unwrap();
        assert_eq!(toml::from_str::<Appearance>(&text).unwrap(), appearance);
        appearance.toggle(PanelKind::AlongUpdate);
        assert_eq!(appearance, Appearance::default());
        // As stored before there was such a plot.
        let earlier: Appearance = toml::from_str("hidden = [\"Loss\"]").unwrap();
        let plots = earlier.plots();
        assert!(!plots.is_shown(PanelKind::AlongUpdate) && !plots.is_shown(PanelKind::Loss));
    }

    #[test]
    fn present_has_plots_and_pins_of_its_own_which_are_remembered() {
        let mut appearance = Appearance::default();
        appearance.set_present(true);
        appearance.toggle(PanelKind::GradNorm);
        appearance.toggle(PanelKind::Loss);
        appearance.pins.toggle(&crate::config::settings::SCALE);
        let text = toml::to_string(&appearance).unwrap();
        let mut back: Appearance = toml::from_str(&text).unwrap();
        assert_eq!(back, appearance);
        assert!(back.is_present() && back.pins.has_room());
        assert!(back.plots().is_shown(PanelKind::GradNorm));
        back.set_present(false);
        assert_eq!(back.plots().all(), PanelKind::usual());
    }
}
