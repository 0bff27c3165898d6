//! How a person has set up the window: theme, size, plots that show.
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
pub(super) struct Desk {
    /// The look; `None` is that of the desktop.
    theme: Option<Theme>,
    /// Size of everything in per cent.
    scale: i16,
    /// Whether type is large and only what matters is there.
    is_projector: bool,
    /// Plots that are not shown, by title.
    hidden: BTreeSet<String>,
}

impl Default for Desk {
    fn default() -> Self {
        Self { theme: None, scale: *SCALES.start(), is_projector: false, hidden: BTreeSet::new() }
    }
}

impl Desk {
    /// Makes the window look like this.
    pub(super) fn lay_out(&self, ctx: &Context) {
        let factor = if self.is_projector { PROJECTOR_FACTOR } else { 1.0 };
        if self.theme.is_some() || factor != theme::factor(&ctx.global_style()) {
            theme::wear(ctx, self.theme.unwrap_or_else(|| Theme::of(ctx)), factor);
        }
        ctx.set_zoom_factor(f32::from(self.percent()) / 100.0);
    }

    /// Size of everything in per cent.
    pub(super) fn percent(&self) -> i16 {
        self.scale.clamp(*SCALES.start(), *SCALES.end())
    }

    /// Whether type is large and only what matters is there.
    pub(super) fn is_projector(&self) -> bool {
        self.is_projector
    }

    /// Another look.
    pub(super) fn choose(&mut self, theme: Theme) {
        self.theme = Some(theme);
    }

    /// Large type, or back.
    pub(super) fn toggle_projector(&mut self, ctx: &Context) {
        self.theme = Some(Theme::of(ctx));
        self.is_projector = !self.is_projector;
    }

    /// So many tenths larger; 0 is back to the usual size.
    pub(super) fn scale(&mut self, tenths: i16) {
        let scale = if tenths == 0 { *SCALES.start() } else { self.percent() + 10 * tenths };
        self.scale = scale.clamp(*SCALES.start(), *SCALES.end());
    }

    /// Whether a plot shows.
    pub(super) fn is_shown(&self, panel: PanelKind) -> bool {
        !self.hidden.contains(panel.title())
    }

    /// Shows a plot or hides it; the last one that every run has stays.
    pub(super) fn toggle(&mut self, panel: PanelKind) {
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
pub(super) fn toggle_full_screen(ctx: &Context) {
    let is_full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
    ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!is_full));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_stay_between_the_usual_and_twice_that() {
        let mut desk = Desk::default();
        desk.scale(-1);
        assert_eq!(desk.percent(), 100);
        (0..20).for_each(|_| desk.scale(1));
        assert_eq!(desk.percent(), 200);
        desk.scale(0);
        assert_eq!(desk.percent(), 100);
    }

    #[test]
    fn one_plot_always_shows() {
        let mut desk = Desk::default();
        for panel in PanelKind::ALL {
            desk.toggle(panel);
        }
        let shown: Vec<_> = PanelKind::ALL.into_iter().filter(|p| desk.is_shown(*p)).collect();
        assert_eq!(shown, [PanelKind::GradNorm]);
        desk.toggle(PanelKind::Loss);
        assert!(desk.is_shown(PanelKind::Loss));
    }
}
