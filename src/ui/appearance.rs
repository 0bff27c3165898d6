//! Appearance of the window as the user has set it: theme, scale and visible plots.

use std::collections::BTreeSet;

use eframe::egui::{Context, ViewportCommand};
use serde::{Deserialize, Serialize};

use crate::figure::PanelKind;
use crate::paint::{Theme, theme};

/// Factor on font sizes and line widths in projector mode.
const PROJECTOR_FACTOR: f32 = 1.4;

/// Range of the interface scale in percent.
const SCALES: std::ops::RangeInclusive<i16> = 100..=200;

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
    /// Titles of hidden plots.
    hidden: BTreeSet<String>,
}

impl Default for Appearance {
    fn default() -> Self {
        Self { theme: None, scale: *SCALES.start(), is_projector: false, hidden: BTreeSet::new() }
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
        !self.hidden.contains(panel.title())
    }

    /// Shows or hides a plot, except the last visible one that every run has.
    pub(in crate::ui) fn toggle(&mut self, panel: PanelKind) {
        if self.hidden.remove(panel.title()) {
            return;
        }
        let others = PanelKind::ALL.into_iter().filter(|other| {
            *other != panel && *other != PanelKind::Preconditioned && self.is_shown(*other)
        });
        if others.count() > 0 {
            self.hidden.insert(panel.title().to_owned());
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
    fn the_scale_stays_between_one_and_two_times_the_default() {
        let mut appearance = Appearance::default();
        appearance.scale(-1);
        assert_eq!(appearance.percent(), 100);
        (0..20).for_each(|_| appearance.scale(1));
        assert_eq!(appearance.percent(), 200);
        appearance.scale(0);
        assert_eq!(appearance.percent(), 100);
    }

    #[test]
    fn one_plot_always_shows() {
        let mut appearance = Appearance::default();
        for panel in PanelKind::ALL {
            appearance.toggle(panel);
        }
        let shown: Vec<_> =
            PanelKind::ALL.into_iter().filter(|p| appearance.is_shown(*p)).collect();
        assert_eq!(shown, [PanelKind::GradNorm]);
        appearance.toggle(PanelKind::Loss);
        assert!(appearance.is_shown(PanelKind::Loss));
    }
}
