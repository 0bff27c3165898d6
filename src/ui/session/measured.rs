//! When a number was measured, in words: no number of a run stands on screen without it.
//! Does not look up the number itself.

use crate::history::{Dated, Run};
use crate::text;

/// What stands in place of λ₁ before its first measurement.
pub(in crate::ui) const NOT_YET: &str = "λ₁ is not measured yet";

/// The step, and how long ago it is where it should have been measured since.
pub(in crate::ui) fn when(run: &Run, step: u64) -> String {
    let age = run.steps_since(step);
    let age = run.is_old(step).then(|| format!(", {} ago", text::plural(age, "step")));
    format!("at step {step}{}", age.unwrap_or_default())
}

/// A number in three digits, and when it was measured.
pub(in crate::ui) fn dated(run: &Run, Dated { value, step }: Dated) -> String {
    format!("{} {}", text::number(text::rounded(value, 3)), when(run, step))
}
