//! Appearance of the window as the user has set it: theme, scale and visible plots.

use std::collections::BTreeSet;

use eframe::egui::{Context, ViewportCommand};
use serde::{Deserialize, Serialize};

use crate::figure::PanelKind;
use crate::paint::{Theme, theme};

/// Factor on font sizes and line widths in projector mode.
const PROJECTOR_FACTOR: f32 = 1.4;

/// Range of the interface scale in percent.
const SCALES: std::ops::RangeInclusive<i16> = 100..=275;

/// Theme, scale and visible plots; stored between launches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::ui) struct Appearance {
    /// The theme; `None` follows the desktop.
    theme: Option<Theme>,
    /// Interface scale in percent.
    scale: i16,
    /// Whether projector mode is on.
    is_projector: bool,
    /// Titles of plots that the user has hidden.
    hidden: BTreeSet<String>,
    /// Titles of optional plots that the user has shown.
    shown: BTreeSet<String>,
}

impl Default for Appearance {
    fn default() -> Self {
        let [hidden, shown] = [BTreeSet::new(), BTreeSet::new()];
        Self { theme: None, scale: *SCALES.start(), is_projector: false, hidden, shown }
    }
}

impl Appearance {
    /// Applies theme and scale to the window.
    pub(in crate::ui) fn apply(&self, ctx: &Context) {
        let factor = if self.is_projector { PROJECTOR_FACTOR } else { 1.0 };
        if self.theme.is_some() || factor != theme::factor(&ctx.global_style()) {
            theme::activate(ctx, self.theme.unwrap_or_else(|| Theme::of(ctx)), factor);
        }
        ctx.set_zoom_factor(f32::from(self.percent()) / 100.0);
    }

    /// Interface scale in percent, clamped to its range.
    pub(in crate::ui) fn percent(&self) -> i16 {
        self.scale.clamp(*SCALES.start(), *SCALES.end())
    }

    /// Whether type is large and only live controls are visible.
    pub(in crate::ui) fn is_projector(&self) -> bool {
        self.is_projector
    }

    /// Sets another theme.
    pub(in crate::ui) fn set_theme(&mut self, theme: Theme) {
        self.theme = Some(theme);
    }

    /// Toggles projector mode, keeping the theme.
    pub(in crate::ui) fn toggle_projector(&mut self, ctx: &Context) {
        self.theme = Some(Theme::of(ctx));
        self.is_projector = !self.is_projector;
    }

    /// Enlarges everything by so many tenths of the default size; 0 restores the default.
    pub(in crate::ui) fn scale(&mut self, tenths: i16) {
        let scale = if tenths == 0 { *SCALES.start() } else { self.percent() + 10 * tenths };
        self.scale = scale.clamp(*SCALES.start(), *SCALES.end());
    }

    /// Whether a plot is visible.
    pub(in crate::ui) fn is_shown(&self, panel: PanelKind) -> bool {
        if panel.is_optional() {
            self.shown.contains(panel.title())
        } else {
            !self.hidden.contains(panel.title())
        }
    }

    /// The visible plots, top to bottom.
    pub(in crate::ui) fn shown(&self) -> Vec<PanelKind> {
        PanelKind::ALL.into_iter().filter(|panel| self.is_shown(*panel)).collect()
    }

    /// Shows or hides a plot, except the last visible one that every run has.
    pub(in crate::ui) fn toggle(&mut self, panel: PanelKind) {
        let title = panel.title();
        if !self.is_shown(panel) {
            if panel.is_optional() {
                self.shown.insert(title.to_owned());
            } else {
                self.hidden.remove(title);
            }
            return;
        }
        let is_left = |other: &PanelKind| *other != panel && other.is_of_every_run();
        if !self.shown().iter().any(is_left) {
            return;
        }
        if panel.is_optional() {
            self.shown.remove(title);
        } else {
            self.hidden.insert(title.to_owned());
        }
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
    fn one_plot_always_shows() {
        let mut appearance = Appearance::default();
        appearance.toggle(PanelKind::AlongUpdate);
        for panel in PanelKind::ALL {
            appearance.toggle(panel);
        }
        assert_eq!(appearance.shown(), [PanelKind::GradNorm]);
        appearance.toggle(PanelKind::Loss);
        assert!(appearance.is_shown(PanelKind::Loss));
    }

    #[test]
    fn an_optional_plot_is_hidden_until_it_is_asked_for_and_that_is_remembered() {
        let mut appearance = Appearance::default();
        assert_eq!(appearance.shown(), PanelKind::usual());
        appearance.toggle(PanelKind::AlongUpdate);
        assert_eq!(appearance.shown(), PanelKind::ALL);
        let text = toml::to_string(&appearance).unwrap();
        assert_eq!(toml::from_str::<Appearance>(&text).unwrap(), appearance);
        appearance.toggle(PanelKind::AlongUpdate);
        assert_eq!(appearance, Appearance::default());
        // As stored before there was such a plot.
        let earlier: Appearance = toml::from_str("hidden = [\"Loss\"]").unwrap();
        assert!(!earlier.is_shown(PanelKind::AlongUpdate) && !earlier.is_shown(PanelKind::Loss));
    }
}
