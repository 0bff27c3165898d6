//! Summarizes runs of one method over a grid of learning rates.

use super::row_values::{final_loss, outcome, value};
use crate::figure::chart::{Grid, Outcome, largest_trainable, lr_sensitivity, quantile};
use crate::study::{Row, Table};

/// Results over learning rates.
#[derive(Clone, Debug, PartialEq, Default)]
pub(super) struct RateSummary {
    /// The largest rate at which more than half of the seeds trained.
    pub(super) largest: Option<f64>,
    /// The rate with the lowest median final loss over seeds, and that loss.
    pub(super) best: Option<(f64, f64)>,
    /// Mean over rates of min(final loss, loss at step 0), minus the smallest of them (arXiv 2309.14322).
    pub(super) sensitivity: Option<f64>,
    /// Rates, ascending, with the median final loss over seeds; ∞ where more than half diverged.
    pub(super) losses: Vec<(f64, f64)>,
}

impl RateSummary {
    /// Summarizes rows over an axis or column of rates.
    pub(super) fn of(table: &Table, rows: &[&Row], over: &str) -> Self {
        let at = |row: &Row| value(table, row, over);
        let trained =
            rows.iter().filter_map(|row| Some((at(row)?, outcome(row) == Outcome::Trained)));
        let placed = rows.iter().filter_map(|row| Some(([at(row)?, 0.0], final_loss(row)?)));
        let grid = Grid::gather(placed);
        let losses: Vec<(f64, f64)> = grid
            .iter()
            .filter_map(|(column, _, losses)| {
                Some((*grid.xs().get(column)?, quantile(losses, 0.5)?))
            })
            .collect();
        let least = losses.iter().filter(|(_, loss)| loss.is_finite());
        let first: Vec<f64> = rows.iter().filter_map(|row| row.number("first_loss")).collect();
        let medians: Vec<f64> = losses.iter().map(|(_, loss)| *loss).collect();
        Self {
            largest: largest_trainable(trained),
            best: least.min_by(|a, b| a.1.total_cmp(&b.1)).copied(),
            sensitivity: quantile(&first, 0.5).and_then(|first| lr_sensitivity(&medians, first)),
            losses,
        }
    }
}
