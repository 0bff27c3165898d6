//! Which plots are visible in one of the two views: those of an arrangement, and what the user changed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::figure::PanelKind;
use crate::paint::Tiles;

use super::plot_arrangement::{Arrangement, DESK, LECTURE};
use super::stored_tiles::StoredTiles;

/// The visible plots of one of the two views.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::ui) struct ShownPlots {
    #[serde(flatten)]
    now: PlotSet,
    /// What the user arranged before choosing a named arrangement.
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<OwnPlots>,
}

/// The plots of an arrangement with the user's changes, by title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct PlotSet {
    /// The name of the arrangement.
    arrangement: String,
    /// Plots of the arrangement that the user has hidden.
    hidden: BTreeSet<String>,
    /// Further plots that the user has shown, in that order.
    shown: Vec<String>,
}

/// Plots and places that are no named arrangement's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct OwnPlots {
    #[serde(flatten)]
    plots: PlotSet,
    #[serde(skip_serializing_if = "StoredTiles::is_empty")]
    tiles: StoredTiles,
}

impl Default for PlotSet {
    fn default() -> Self {
        Self::of(&DESK)
    }
}

impl PlotSet {
    fn of(arrangement: &Arrangement) -> Self {
        let (hidden, shown) = (BTreeSet::new(), Vec::new());
        Self { arrangement: arrangement.name.to_owned(), hidden, shown }
    }

    fn arrangement(&self) -> &'static Arrangement {
        Arrangement::named(&self.arrangement)
    }

    fn is_changed(&self) -> bool {
        !self.hidden.is_empty() || !self.shown.is_empty()
    }
}

impl ShownPlots {
    /// The plots of Present until the user chooses others: the curvature and the loss.
    pub(in crate::ui) fn of_present() -> Self {
        Self { now: PlotSet::of(&LECTURE), own: None }
    }

    /// The arrangement that the plots begin from.
    pub(in crate::ui) fn base(&self) -> &'static Arrangement {
        self.now.arrangement()
    }

    /// Whether a plot is visible.
    pub(in crate::ui) fn is_shown(&self, panel: PanelKind) -> bool {
        self.all().contains(&panel)
    }

    /// The visible plots, top to bottom.
    pub(in crate::ui) fn all(&self) -> Vec<PanelKind> {
        let PlotSet { hidden, shown, .. } = &self.now;
        let further = shown.iter().filter_map(|title| PanelKind::titled(title));
        let all: Vec<_> = self.base().plots().iter().copied().chain(further).collect();
        let is_visible = |panel: &PanelKind| !hidden.contains(panel.title());
        PanelKind::in_order(&all).into_iter().filter(is_visible).collect()
    }

    /// Plots of the arrangement that the user has hidden.
    pub(in crate::ui) fn hidden(&self) -> Vec<PanelKind> {
        let is_hidden = |panel: &PanelKind| self.now.hidden.contains(panel.title());
        self.base().plots().iter().copied().filter(is_hidden).collect()
    }

    /// Shows or hides a plot, except the last visible one that every run has.
    pub(in crate::ui) fn toggle(&mut self, panel: PanelKind) {
        let title = panel.title();
        let is_arranged = self.base().plots().contains(&panel);
        if !self.is_shown(panel) {
            self.now.hidden.remove(title);
            if !is_arranged {
                self.now.shown.push(title.to_owned());
            }
            return;
        }
        let is_left = |other: &PanelKind| *other != panel && other.is_of_every_run();
        if !self.all().iter().any(is_left) {
            return;
        }
        if is_arranged {
            self.now.hidden.insert(title.to_owned());
        } else {
            self.now.shown.retain(|other| other != title);
        }
    }

    /// The named arrangement that is shown; `None` if the user has changed it.
    pub(in crate::ui) fn arrangement(&self, tiles: &Tiles) -> Option<&'static Arrangement> {
        let base = self.base();
        let is_placed = tiles.is_as(&base.tiles(), &self.all());
        (!self.now.is_changed() && is_placed).then_some(base)
    }

    /// Whether the user has plots and places of their own, shown or kept.
    pub(in crate::ui) fn has_own(&self, tiles: &Tiles) -> bool {
        self.own.is_some() || self.arrangement(tiles).is_none()
    }

    /// Shows a named arrangement; keeps what the user has changed.
    pub(in crate::ui) fn arrange(&mut self, arrangement: &Arrangement, tiles: &mut Tiles) {
        if self.arrangement(tiles).is_none() {
            let plots = self.now.clone();
            self.own = Some(OwnPlots { plots, tiles: StoredTiles::new(tiles) });
        }
        self.now = PlotSet::of(arrangement);
        *tiles = arrangement.tiles();
    }

    /// Shows what the user had changed before a named arrangement was chosen, if anything.
    pub(in crate::ui) fn arrange_own(&mut self, tiles: &mut Tiles) {
        if self.arrangement(tiles).is_some()
            && let Some(own) = &self.own
        {
            self.now = own.plots.clone();
            *tiles = own.tiles.tiles();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::plot_arrangement::RESEARCH;
    use super::*;
    use crate::paint::Side;
    use crate::quantity::{ACCURACY, STEP_MS};

    #[test]
    fn one_plot_always_shows() {
        let mut plots = ShownPlots::default();
        plots.toggle(PanelKind::AlongUpdate);
        for panel in PanelKind::GROUPS {
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

    #[test]
    fn quantities_go_under_the_others_in_the_order_of_asking_and_are_remembered() {
        let [accuracy, time] = [ACCURACY, STEP_MS].map(PanelKind::of);
        let mut plots = ShownPlots::default();
        plots.toggle(time);
        plots.toggle(accuracy);
        let all = plots.all();
        assert_eq!(all[all.len() - 2..], [time, accuracy]);
        let text = toml::to_string(&plots).unwrap();
        assert_eq!(toml::from_str::<ShownPlots>(&text).unwrap(), plots);
        assert!(plots.hidden().is_empty());
        plots.toggle(accuracy);
        plots.toggle(time);
        assert_eq!(plots, ShownPlots::default());
        let later: ShownPlots = toml::from_str("shown = [\"Entropy\", \"Step time\"]").unwrap();
        assert_eq!(later.all().last(), Some(&time));
    }

    #[test]
    fn a_hidden_plot_of_the_arrangement_is_known_as_such() {
        let mut plots = ShownPlots::default();
        plots.toggle(PanelKind::Loss);
        assert_eq!(plots.hidden(), [PanelKind::Loss]);
        plots.toggle(PanelKind::Loss);
        assert!(plots.hidden().is_empty());
    }

    #[test]
    fn a_named_arrangement_keeps_what_the_user_changed() {
        let (mut plots, mut tiles) = (ShownPlots::default(), Tiles::default());
        assert_eq!(plots.arrangement(&tiles), Some(&DESK));
        assert!(!plots.has_own(&tiles));
        plots.arrange(&RESEARCH, &mut tiles);
        assert_eq!(plots.arrangement(&tiles), Some(&RESEARCH));
        plots.toggle(PanelKind::Loss);
        tiles.put(PanelKind::GradNorm, Side::Above, PanelKind::Sharpness);
        let own = (plots.all(), tiles.clone());
        assert_eq!(plots.arrangement(&tiles), None);
        plots.arrange(&LECTURE, &mut tiles);
        assert_eq!(plots.all(), LECTURE.plots());
        // Choosing another one does not overwrite what was kept.
        plots.arrange(&DESK, &mut tiles);
        let text = toml::to_string(&plots).unwrap();
        let mut plots: ShownPlots = toml::from_str(&text).unwrap();
        assert!(plots.has_own(&tiles));
        plots.arrange_own(&mut tiles);
        assert_eq!((plots.all(), &tiles), (own.0, &own.1));
        assert_eq!(plots.arrangement(&tiles), None);
    }
}
