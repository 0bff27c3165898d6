//! The quantities that are drawn in each panel: one row each, with the whole of how it is drawn. A
//! quantity alone in a panel is drawn as its row in a group says, or as a curve.

use crate::figure::lines::{Hue, Look, Marker};
use crate::figure::panels::PanelKind;
use crate::quantity::{self as q, Quantity};

/// A quantity that is drawn in a panel.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlottedQuantity {
    /// The quantity whose values are drawn; no other line of the panel has it.
    pub(super) quantity: Quantity,
    /// How its line is drawn.
    pub(super) look: Look,
    /// Its estimated error, drawn as a band.
    pub(super) error: Option<ErrorBand>,
    /// Whether smoothing applies: not to settings, limits and single checks.
    pub(super) is_smoothed: bool,
    /// The runs that have a line of it.
    pub(super) runs: LineOf,
}

/// The quantity that is the half height of a band.
#[derive(Clone, Copy, Debug)]
pub(super) enum ErrorBand {
    /// A relative error.
    Relative(Quantity),
    /// A standard error.
    Standard(Quantity),
}

/// Which runs have a line of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineOf {
    /// Every run, and seeds that are drawn as one.
    All,
    /// Every run except seeds that are drawn as one.
    SingleRuns,
    /// The current run, unless it is drawn as one with other seeds.
    Current,
}

impl PlottedQuantity {
    /// A setting, a limit or single checks, which a mean would falsify.
    fn plain(quantity: Quantity, look: Look) -> Self {
        Self { quantity, look, error: None, is_smoothed: false, runs: LineOf::All }
    }

    /// A measured quantity, which smoothing applies to.
    fn noisy(quantity: Quantity, look: Look) -> Self {
        Self { is_smoothed: true, ..Self::plain(quantity, look) }
    }

    fn with_error(self, error: ErrorBand) -> Self {
        Self { error: Some(error), ..self }
    }

    fn only_of(self, runs: LineOf) -> Self {
        Self { runs, ..self }
    }
}

/// The looks of the eigenvalues by rank, from λ₁ on: of one hue, ever lighter, with dashes of their own.
const EIGENVALUES: [Look; q::N_EIGENVALUES] = [
    Look::curve(Hue::Blue, 2.6).main(),
    Look::curve(Hue::Blue, 2.0).faded(0.15).with_dashes(8.5),
    Look::curve(Hue::Blue, 1.7).faded(0.25).with_dashes(4.0).marked(Marker::Square),
    Look::curve(Hue::Blue, 1.5).faded(0.33).with_dashes(10.0).marked(Marker::Plus),
    Look::curve(Hue::Blue, 1.4).faded(0.41).with_dashes(2.5).marked(Marker::Left),
    Look::curve(Hue::Blue, 1.3).faded(0.49).with_dashes(5.5).marked(Marker::Star),
];

/// The look of the curvature on batches.
const BATCH: Look = Look::curve(Hue::Blue, 1.8).faded(0.3).marked(Marker::Up);

/// The look of the smallest eigenvalue.
const SMALLEST: Look = Look::curve(Hue::Blue, 1.0).faded(0.45).marked(Marker::Right);

/// The look of a limit that shades the panel above it.
const LIMIT: Look = Look::limit(2.2);

/// Width of the line of a quantity alone in its panel.
const ALONE_WIDTH: f32 = 2.2;

/// The quantities drawn in a panel, in the order of its legend: the main one first.
pub(super) fn plotted_quantities(panel: PanelKind) -> Vec<PlottedQuantity> {
    use ErrorBand::{Relative, Standard};
    use PlottedQuantity as Row;
    let limits = [
        Row::plain(q::STABILITY_THRESHOLD, LIMIT),
        Row::plain(q::EFFECTIVE_THRESHOLD, Look::limit(1.8).dashed().at_clipped_steps()),
    ];
    match panel {
        PanelKind::Preconditioned => {
            let look = Look::curve(Hue::Blue, 2.8).marked(Marker::Diamond).main();
            let top = Row::noisy(q::PRECONDITIONED_SHARPNESS, look);
            let top = top.with_error(Relative(q::PRECONDITIONED_SHARPNESS_ERROR));
            [top].into_iter().chain(limits).collect()
        }
        PanelKind::Sharpness => {
            let values = [q::SHARPNESS].into_iter().chain(q::HESSIAN_EIG.all());
            let errors = [q::SHARPNESS_ERROR].into_iter().chain(q::HESSIAN_EIG_ERROR.all());
            let eigenvalues = EIGENVALUES.into_iter().zip(values.zip(errors));
            let eigenvalues = eigenvalues
                .map(|(look, (value, error))| Row::noisy(value, look).with_error(Relative(error)));
            let others = [
                Row::noisy(q::BATCH_SHARPNESS, BATCH)
                    .with_error(Standard(q::BATCH_SHARPNESS_ERROR)),
                Row::noisy(q::HESSIAN_EIG_MIN, SMALLEST)
                    .with_error(Relative(q::HESSIAN_EIG_MIN_ERROR)),
                // An audit checks a single run.
                Row::plain(q::AUDIT_SHARPNESS, Look::points(Hue::Text, 2.0))
                    .with_error(Relative(q::AUDIT_ERROR))
                    .only_of(LineOf::SingleRuns),
            ];
            eigenvalues.chain(others).chain(limits).collect()
        }
        // A running mean of ratios would follow the wildest of them.
        PanelKind::AlongUpdate => vec![
            Row::plain(
                q::DIRECTIONAL_SHARPNESS_MEAN,
                Look::curve(Hue::Blue, 2.6).marked(Marker::Diamond).main(),
            ),
            // Scattered values of several runs would bury their means.
            Row::plain(q::DIRECTIONAL_SHARPNESS, Look::curve(Hue::Blue, 1.0).faded(0.5))
                .only_of(LineOf::Current),
            Row::plain(q::DIRECTIONAL_THRESHOLD, LIMIT),
        ],
        PanelKind::Loss => vec![
            Row::noisy(q::LOSS, Look::curve(Hue::Blue, 2.2).main()),
            Row::noisy(q::TEST_LOSS, Look::curve(Hue::Blue, 2.0).faded(0.2).dashed()),
            Row::noisy(
                q::PROBE_LOSS,
                Look::curve(Hue::Blue, 1.8).faded(0.4).with_dashes(4.0).on_top(),
            ),
        ],
        PanelKind::LearningRate => vec![
            Row::plain(q::LEARNING_RATE, Look::curve(Hue::Blue, 2.2).main()),
            Row::plain(
                q::EFFECTIVE_LEARNING_RATE,
                Look::curve(Hue::Blue, 1.8).faded(0.2).dashed().at_clipped_steps(),
            ),
        ],
        PanelKind::GradNorm => vec![
            Row::noisy(q::GRAD_NORM, Look::curve(Hue::Blue, 2.2).main()),
            Row::plain(q::CLIP_LEVEL, Look::curve(Hue::Vermillion, 1.8).dashed().on_top()),
        ],
        PanelKind::Quantity(quantity) => vec![alone(quantity)],
    }
}

/// A quantity in a panel of its own, with the hue and the error that it has among others.
fn alone(quantity: Quantity) -> PlottedQuantity {
    let mut grouped = PanelKind::GROUPS.into_iter().flat_map(plotted_quantities);
    match grouped.find(|row| row.quantity == quantity) {
        Some(row) => {
            let look = if row.look.is_points() {
                Look::points(row.look.hue, row.look.width)
            } else {
                Look::curve(row.look.hue, ALONE_WIDTH)
            };
            PlottedQuantity { look: look.main(), runs: LineOf::All, ..row }
        }
        None => PlottedQuantity::noisy(quantity, Look::curve(Hue::Blue, ALONE_WIDTH).main()),
    }
}

/// The limit above which a panel is shaded; that of eigenvalues is unknown where parts of the
/// gradient are clipped.
pub(super) fn binding_limit(panel: PanelKind) -> Option<PlottedQuantity> {
    let limit = panel.declaration().limit;
    limit.map(|limit| PlottedQuantity::plain(limit, LIMIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_panel_differ_by_colour_and_by_dash_or_shape() {
        for panel in PanelKind::GROUPS {
            let rows = plotted_quantities(panel);
            for (i, a) in rows.iter().enumerate() {
                for b in &rows[..i] {
                    assert_ne!(a.quantity, b.quantity, "a line is known by its quantity");
                }
            }
            // A solid limit is the only one at the edge of a shaded region.
            let is_edge = |row: &PlottedQuantity| row.look.is_limit() && row.look.dash.is_none();
            let (edges, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_edge);
            assert_eq!(edges.len(), usize::from(binding_limit(panel).is_some()), "{panel:?}");
            let form = |look: Look| (look.dash, look.is_points());
            for (i, a) in rest.iter().map(|row| row.look).enumerate() {
                for b in rest[..i].iter().map(|row| row.look) {
                    let has_own_color = a.hue != b.hue || a.fade != b.fade;
                    assert!(has_own_color || form(a) != form(b), "{a:?} {b:?}");
                    assert!(form(a) != form(b) || a.marker != b.marker, "{a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn every_panel_has_one_main_line_which_is_its_first() {
        for panel in PanelKind::GROUPS {
            let mains = plotted_quantities(panel).into_iter().map(|row| row.look.is_main);
            let mains: Vec<bool> = mains.collect();
            assert!(mains[0] && mains[1..].iter().all(|is_main| !is_main), "{panel:?}");
        }
    }

    #[test]
    fn blue_is_for_the_curves_of_a_run_and_vermillion_for_limits() {
        let rows = PanelKind::GROUPS.into_iter().flat_map(plotted_quantities);
        for PlottedQuantity { quantity, look, .. } in rows {
            let is_limit = look.is_limit() || quantity == q::CLIP_LEVEL;
            let wanted = if is_limit {
                Hue::Vermillion
            } else if look.is_points() {
                Hue::Text
            } else {
                Hue::Blue
            };
            assert_eq!(look.hue, wanted, "{}", quantity.name());
        }
    }

    #[test]
    fn a_quantity_alone_has_one_line_with_the_error_that_it_has_among_others() {
        for kind in PanelKind::all() {
            let PanelKind::Quantity(quantity) = kind else { continue };
            let rows = plotted_quantities(kind);
            assert_eq!(rows.len(), 1, "{}", kind.title());
            assert!(
                rows[0].quantity == quantity && rows[0].look.is_main && !rows[0].look.is_limit()
            );
        }
        let second = plotted_quantities(PanelKind::of(q::HESSIAN_EIG.of(2).unwrap()));
        assert!(matches!(second[0].error, Some(ErrorBand::Relative(_))));
        let limit = plotted_quantities(PanelKind::of(q::STABILITY_THRESHOLD));
        assert!(limit[0].look.hue == Hue::Vermillion && !limit[0].is_smoothed);
    }

    #[test]
    fn eigenvalues_differ_by_lightness_and_by_dashes() {
        for pair in EIGENVALUES.windows(2) {
            assert!(pair[0].fade < pair[1].fade && pair[0].dash != pair[1].dash, "{pair:?}");
        }
        let mut dashes: Vec<Option<f32>> = EIGENVALUES.iter().map(|look| look.dash).collect();
        dashes.sort_by(|a, b| a.partial_cmp(b).unwrap());
        dashes.dedup();
        assert_eq!(dashes.len(), EIGENVALUES.len());
    }
}
