//! Declares the numeric columns of the results table: name, label, tooltip and the function that
//! computes each from a run.

use super::run_numbers;
use crate::history::Run;

/// A numeric column of the results table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the CSV header.
    pub name: &'static str,
    /// Its axis label in figures, with the usual symbol.
    pub label: &'static str,
    /// One sentence on what it holds.
    pub tooltip: &'static str,
    /// Computes its value for a finished run; `None` where it was not measured.
    pub(in crate::study) read: fn(&Run) -> Option<f64>,
}

/// Looks up a column by its CSV name.
#[must_use]
pub fn column(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.name == name)
}

macro_rules! rows {
    ($($name:literal, $label:literal, $tooltip:literal, $read:path;)+) => {
        /// All numeric columns in table order; `wall_secs` follows them.
        pub static COLUMNS: &[Column] =
            &[$(Column { name: $name, label: $label, tooltip: $tooltip, read: $read }),+];
    };
}

rows! {
    "peak_lr", "peak learning rate η", "Configured peak learning rate.", run_numbers::peak_lr;
    "steps_taken", "steps taken", "Optimizer steps taken.", run_numbers::steps_taken;
    "first_loss", "training loss at step 0", "Training loss at step 0.", run_numbers::first_loss;
    "final_loss", "final training loss", "Training loss as last measured.", run_numbers::final_loss;
    "best_loss", "lowest training loss", "Lowest training loss.", run_numbers::best_loss;
    "trained", "trained", "1 where all steps were taken and the final loss is below half of the loss of all-zero outputs, else 0.", run_numbers::trained;
    "final_accuracy", "final training accuracy", "Training accuracy as last measured.", run_numbers::final_accuracy;
    "final_test_loss", "final test loss", "Test loss as last measured.", run_numbers::final_test_loss;
    "first_sharpness", "λ₁ at step 0", "Sharpness as first measured.", run_numbers::first_sharpness;
    "warmup_sharpness", "λ₁ at the end of warmup", "Sharpness as first measured at the end of warmup or later; at step 0 without a warmup.", run_numbers::warmup_sharpness;
    "half_sharpness", "λ₁ halfway", "Sharpness as first measured at half of the steps or later.", run_numbers::half_sharpness;
    "late_sharpness", "λ₁, last quarter", "Mean sharpness over the last quarter of the steps.", run_numbers::late_sharpness;
    "max_sharpness", "largest λ₁", "Largest sharpness.", run_numbers::max_sharpness;
    "first_ratio", "λ₁ / threshold at step 0", "Sharpness ratio as first measured: 1 is the edge of stability at that step's rate.", run_numbers::first_ratio;
    "late_ratio", "λ₁ / threshold, last quarter", "Mean sharpness ratio over the last quarter of the steps.", run_numbers::late_ratio;
    "max_ratio", "largest λ₁ / threshold", "Largest sharpness ratio.", run_numbers::max_ratio;
    "late_product", "η·λ₁, last quarter", "Mean of the learning rate times the sharpness over the last quarter of the steps; the preconditioned sharpness where the update scales the Hessian.", run_numbers::late_product;
    "late_batch_product", "η·batch sharpness, last quarter", "Mean of the learning rate times the batch sharpness over the last quarter of the steps.", run_numbers::late_batch_product;
    "late_rising", "rising steps, last quarter", "Fraction of the steps in the last quarter that raised the loss.", run_numbers::late_rising;
}
