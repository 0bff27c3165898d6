//! What plots have room in a window: the curvature first, and the others while they fit.

use crate::figure::PanelKind;

use super::tiles::Column;

/// The room that a window gives to its plots, and the plots that have none.
#[derive(Clone, Debug, Default)]
pub struct PlotRoom {
    /// Least height in points of the plot that leads: the one of the curvature that the limit
    /// applies to.
    pub lead_height: f32,
    /// The plot that the user asked for last, which comes after the leading one.
    pub favourite: Option<PanelKind>,
    /// Whether the step axis has numbers alone, to leave the height of its label to the plots.
    pub is_axis_bare: bool,
    /// Plots that are switched on and have no room.
    pub(in crate::paint) without_room: Vec<PanelKind>,
}

/// Plots from the most to the least important one.
const ORDER: [PanelKind; 6] = [
    PanelKind::Preconditioned,
    PanelKind::Sharpness,
    PanelKind::Loss,
    PanelKind::LearningRate,
    PanelKind::GradNorm,
    PanelKind::AlongUpdate,
];

/// The number of plots in [`ORDER`] that are more important than a quantity that the user has added.
const N_BEFORE_QUANTITIES: usize = 3;

/// The leading plot of some: that of the preconditioned curvature, else that of the sharpness.
pub(in crate::paint) fn lead(kinds: &[PanelKind]) -> Option<PanelKind> {
    ORDER[..2].iter().copied().find(|kind| kinds.contains(kind))
}

impl PlotRoom {
    /// The plots that are switched on and have no room.
    #[must_use]
    pub fn without_room(&self) -> &[PanelKind] {
        &self.without_room
    }

    /// Takes out of a column the plots without room, the least important first, and returns them.
    /// `rest` is the height that so many plots share.
    pub(super) fn fit(
        &self,
        column: &mut Column,
        lead: Option<PanelKind>,
        least: impl Fn(PanelKind) -> f32,
        rest: impl Fn(usize) -> f32,
    ) -> Vec<PanelKind> {
        let mut left_out = Vec::new();
        loop {
            let kinds: Vec<PanelKind> = column.panels.iter().map(|(kind, _)| *kind).collect();
            let needed: f32 = kinds.iter().map(|kind| least(*kind)).sum();
            if kinds.len() < 2 || needed <= rest(kinds.len()) {
                return left_out;
            }
            let last = self.last(&kinds, lead);
            column.panels.retain(|(kind, _)| *kind != last);
            left_out.push(last);
        }
    }

    /// The least important of these plots, which goes first.
    fn last(&self, kinds: &[PanelKind], lead: Option<PanelKind>) -> PanelKind {
        let rank = |kind: &&PanelKind| {
            // Quantities are between two groups.
            let place = if matches!(kind, PanelKind::Quantity(_)) {
                2 * N_BEFORE_QUANTITIES - 1
            } else {
                2 * ORDER.iter().position(|known| known == *kind).unwrap_or(ORDER.len())
            };
            if Some(**kind) == lead {
                0
            } else if Some(**kind) == self.favourite {
                1
            } else {
                2 + place
            }
        };
        kinds.iter().max_by_key(rank).copied().unwrap_or(PanelKind::Loss)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curvature_stays_longest_and_after_it_what_was_asked_for() {
        let leaving = |favourite| {
            let room = PlotRoom { favourite, ..PlotRoom::default() };
            let mut kinds = PanelKind::usual();
            let lead = lead(&kinds);
            let mut left = Vec::new();
            while !kinds.is_empty() {
                let last = room.last(&kinds, lead);
                kinds.retain(|kind| *kind != last);
                left.push(last);
            }
            left
        };
        let usual = leaving(None);
        assert_eq!(usual.first(), Some(&PanelKind::GradNorm));
        assert_eq!(usual.last(), Some(&PanelKind::Preconditioned));
        let asked = leaving(Some(PanelKind::GradNorm));
        assert_eq!(asked[asked.len() - 2], PanelKind::GradNorm);
        let mut added = PanelKind::usual();
        let accuracy = PanelKind::of(crate::quantity::ACCURACY);
        added.push(accuracy);
        let room = PlotRoom::default();
        for wanted in [PanelKind::GradNorm, PanelKind::LearningRate, accuracy, PanelKind::Loss] {
            let last = room.last(&added, lead(&added));
            assert_eq!(last, wanted);
            added.retain(|kind| *kind != last);
        }
        assert_eq!(lead(&[PanelKind::Loss, PanelKind::Sharpness]), Some(PanelKind::Sharpness));
        assert_eq!(lead(&[PanelKind::Loss]), None);
    }
}
