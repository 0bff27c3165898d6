//! The named arrangements of the plots: which are shown, and where.

use crate::figure::PanelKind;
use crate::paint::{Column, Tiles};
use crate::quantity as q;

/// A named arrangement.
#[derive(Debug, PartialEq)]
pub(in crate::ui) struct Arrangement {
    /// Its name, which also stands for it where it is stored.
    pub(in crate::ui) name: &'static str,
    /// What it is for.
    pub(in crate::ui) sentence: &'static str,
    /// The plots that it shows.
    plots: &'static [PanelKind],
    /// Where they are; without columns, all are above each other at their default heights.
    columns: &'static [ArrangedColumn],
}

/// A column of an arrangement.
#[derive(Debug, PartialEq)]
struct ArrangedColumn {
    /// Share of the width.
    width: f32,
    plots: &'static [ArrangedPlot],
}

/// A plot in a column.
#[derive(Debug, PartialEq)]
struct ArrangedPlot {
    panel: PanelKind,
    /// Share of the column's height.
    height: f32,
}

const fn plot(panel: PanelKind, height: f32) -> ArrangedPlot {
    ArrangedPlot { panel, height }
}

/// For an audience.
pub(super) static LECTURE: Arrangement = Arrangement {
    name: "Lecture",
    sentence: "The curvature with its limit, and the loss: what an audience reads from the last row.",
    plots: &[PanelKind::Preconditioned, PanelKind::Sharpness, PanelKind::Loss],
    columns: &[],
};

/// For trying settings.
pub(super) static DESK: Arrangement = Arrangement {
    name: "Desk",
    sentence: "The curvature, the loss, the learning rate and the gradient norm, above each other.",
    plots: &[
        PanelKind::Preconditioned,
        PanelKind::Sharpness,
        PanelKind::Loss,
        PanelKind::LearningRate,
        PanelKind::GradNorm,
    ],
    columns: &[],
};

/// For studying curvature.
pub(super) static RESEARCH: Arrangement = Arrangement {
    name: "Research",
    sentence: "The curvature and the loss at the left; at the right its ratio to the limit that \
               binds, the gradient norm, its alignment with the top eigenvector, the update \
               relative to the parameters, and the accuracy.",
    plots: &[
        PanelKind::Preconditioned,
        PanelKind::Sharpness,
        PanelKind::Loss,
        PanelKind::GradNorm,
        PanelKind::Quantity(q::BINDING_RATIO),
        PanelKind::Quantity(q::GRADIENT_ALIGNMENT),
        PanelKind::Quantity(q::RELATIVE_UPDATE),
        PanelKind::Quantity(q::ACCURACY),
    ],
    columns: &[
        ArrangedColumn {
            width: 1.3,
            plots: &[
                plot(PanelKind::Preconditioned, 1.5),
                plot(PanelKind::Sharpness, 1.9),
                plot(PanelKind::Loss, 1.1),
            ],
        },
        ArrangedColumn {
            width: 1.0,
            plots: &[
                plot(PanelKind::Quantity(q::BINDING_RATIO), 1.2),
                plot(PanelKind::GradNorm, 1.0),
                plot(PanelKind::Quantity(q::GRADIENT_ALIGNMENT), 1.0),
                plot(PanelKind::Quantity(q::RELATIVE_UPDATE), 0.9),
                plot(PanelKind::Quantity(q::ACCURACY), 0.9),
            ],
        },
    ],
};

impl Arrangement {
    /// All, in the order of the menu.
    pub(in crate::ui) fn all() -> [&'static Self; 3] {
        [&LECTURE, &DESK, &RESEARCH]
    }

    /// The one with a name, else that of the desk.
    pub(super) fn named(name: &str) -> &'static Self {
        Self::all().into_iter().find(|one| one.name == name).unwrap_or(&DESK)
    }

    /// The plots that it shows.
    pub(in crate::ui) fn plots(&self) -> &'static [PanelKind] {
        self.plots
    }

    /// Where its plots are.
    pub(in crate::ui) fn tiles(&self) -> Tiles {
        Tiles::of(self.columns.iter().map(|column| Column {
            share: column.width,
            panels: column.plots.iter().map(|plot| (plot.panel, plot.height)).collect(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_arrangement_has_a_place_for_each_of_its_plots_and_leads_with_the_curvature() {
        for arrangement in Arrangement::all() {
            let tiles = arrangement.tiles();
            let columns = tiles.columns();
            for panel in arrangement.plots() {
                let is_in = |column: &Column| column.panels.iter().any(|(kind, _)| kind == panel);
                assert!(columns.iter().any(is_in), "{}: {panel:?}", arrangement.name);
            }
            assert!(arrangement.sentence.ends_with('.') && arrangement.sentence.len() > 40);
            assert_eq!(columns[0].panels[0].0, PanelKind::Preconditioned);
            assert_eq!(Arrangement::named(arrangement.name), arrangement);
        }
        assert_eq!(DESK.plots(), PanelKind::usual());
        assert_eq!(DESK.tiles(), Tiles::default());
        assert_eq!(Arrangement::named("Later"), &DESK);
    }
}
