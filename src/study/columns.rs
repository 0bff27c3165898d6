//! The columns of numbers in a study's table: name, what it holds, and where it comes from.
//! Does not compute them, nor hold rows.

use super::measure;
use crate::history::Run;

/// A column of numbers.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the table.
    pub name: &'static str,
    /// One sentence: what it holds.
    pub tooltip: &'static str,
    /// Its number for a run that is over; `None` when it was not measured.
    pub(super) read: fn(&Run) -> Option<f64>,
}

const fn column(
    name: &'static str,
    tooltip: &'static str,
    read: fn(&Run) -> Option<f64>,
) -> Column {
    Column { name, tooltip, read }
}

/// The numbers of a row, in the order of the table; the wall time comes after them.
pub static COLUMNS: &[Column] = &[
    column("steps_taken", "Optimizer steps taken.", measure::steps_taken),
    column("first_loss", "Training loss at step 0.", measure::first_loss),
    column("final_loss", "Training loss as last measured.", measure::final_loss),
    column("best_loss", "Lowest training loss.", measure::best_loss),
    column(
        "trained",
        "1 where all steps were taken and the final loss is below half of that of outputs 0, else 0.",
        measure::trained,
    ),
    column(
        "final_accuracy",
        "Fraction of training examples classified correctly, as last measured.",
        measure::final_accuracy,
    ),
    column("final_test_loss", "Test loss as last measured.", measure::final_test_loss),
    column("first_sharpness", "Sharpness as first measured.", measure::first_sharpness),
    column(
        "warmup_sharpness",
        "Sharpness as first measured at the end of warmup or later; at step 0 where there is none.",
        measure::warmup_sharpness,
    ),
    column(
        "half_sharpness",
        "Sharpness as first measured at half of the steps or later.",
        measure::half_sharpness,
    ),
    column("max_sharpness", "Largest sharpness.", measure::max_sharpness),
    column(
        "first_ratio",
        "Sharpness ratio as first measured: 1 is the edge of stability at that step's rate.",
        measure::first_ratio,
    ),
    column("max_ratio", "Largest sharpness ratio.", measure::max_ratio),
];
