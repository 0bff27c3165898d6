//! Which plots are visible, as titles: those of the desk view, and those of Present.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::figure::PanelKind;

/// The visible plots of one of the two views.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::ui) struct ShownPlots {
    /// Titles of plots that the user has hidden.
    hidden: BTreeSet<String>,
    /// Titles of optional plots that the user has shown.
    shown: BTreeSet<String>,
}

impl ShownPlots {
    /// The plots of Present until the user chooses others: the curvature and the loss.
    pub(in crate::ui) fn of_present() -> Self {
        let hidden = [PanelKind::LearningRate, PanelKind::GradNorm];
        let hidden = hidden.map(|panel| panel.title().to_owned()).into();
        Self { hidden, ..Self::default() }
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
    pub(in crate::ui) fn all(&self) -> Vec<PanelKind> {
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
        if !self.all().iter().any(is_left) {
            return;
        }
        if panel.is_optional() {
            self.shown.remove(title);
        } else {
            self.hidden.insert(title.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_plot_always_shows() {
        let mut plots = ShownPlots::default();
        plots.toggle(PanelKind::AlongUpdate);
        for panel in PanelKind::ALL {
            plots.toggle(panel);
        }
        assert_eq!(plots.all(), [PanelKind::GradNorm]);
        plots.toggle(PanelKind::Loss);
        assert!(plots.is_shown(PanelKind::Loss));
    }

    #[test]
    fn present_begins_with_the_curvature_and_the_loss() {
        let wanted = [PanelKind::Preconditioned, PanelKind::Sharpness, PanelKind::Loss];
        assert_eq!(ShownPlots::of_present().all(), wanted);
    }
}
