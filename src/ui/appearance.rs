//! How the window looks, as the user has set it up: theme, size, plots that show.
//! Does not draw; knows no run.

use std::collections::BTreeSet;

use eframe::egui::{Context, ViewportCommand};
use serde::{Deserialize, Serialize};

use crate::figure::PanelKind;
use crate::paint::{Theme, theme};

/// Factor on type and lines that can be read at the back of a hall.
const PROJECTOR_FACTOR: f32 = 1.4;

/// Sizes of everything, in per cent of the usual one.
const SCALES: std::ops::RangeInclusive<i16> = 100..=200;

/// What is remembered of the set-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::ui) struct Appearance {
    /// The theme; `None` is that of the desktop.
    theme: Option<Theme>,
    /// Size of everything in per cent.
    scale: i16,
    /// Whether type is large and only what matters is there.
    is_projector: bool,
    /// Plots that are not shown, by title.
    hidden: BTreeSet<String>,
}

impl Default for Appearance {
    fn default() -> Self {
        Self { theme: None, scale: *SCALES.start(), is_projector: false, hidden: BTreeSet::new() }
    }
}

impl Appearance {
    /// Applies theme and sizes to the window.
    pub(in crate::ui) fn apply(&self, ctx: &Context) {
        let factor = if self.is_projector { PROJECTOR_FACTOR } else { 1.0 };
        if self.theme.is_some() || factor != theme::factor(&ctx.global_style()) {
            theme::wear(ctx, self.theme.unwrap_or_else(|| Theme::of(ctx)), factor);
        }
        ctx.set_zoom_factor(f32::from(self.percent()) / 100.0);
    }

    /// Size of everything in per cent.
    pub(in crate::ui) fn percent(&self) -> i16 {
        self.scale.clamp(*SCALES.start(), *SCALES.end())
    }

    /// Whether type is large and only what matters is there.
    pub(in crate::ui) fn is_projector(&self) -> bool {
        self.is_projector
    }

    /// Sets another theme.
    pub(in crate::ui) fn set_theme(&mut self, theme: Theme) {
        self.theme = Some(theme);
    }

    /// Large type, or back.
    pub(in crate::ui) fn toggle_projector(&mut self, ctx: &Context) {
        self.theme = Some(Theme::of(ctx));
        self.is_projector = !self.is_projector;
    }

    /// So many tenths larger; 0 is back to the usual size.
    pub(in crate::ui) fn scale(&mut self, tenths: i16) {
        let scale = if tenths == 0 { *SCALES.start() } else { self.percent() + 10 * tenths };
        self.scale = scale.clamp(*SCALES.start(), *SCALES.end());
    }

    /// Whether a plot shows.
    pub(in crate::ui) fn is_shown(&self, panel: PanelKind) -> bool {
        !self.hidden.contains(panel.title())
    }

    /// Shows a plot or hides it; the last one that every run has stays.
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

/// The whole screen, or back.
pub(in crate::ui) fn toggle_full_screen(ctx: &Context) {
    let is_full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
    ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!is_full));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_stay_between_the_usual_and_twice_that() {
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
