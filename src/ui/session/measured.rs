//! Phrases for when a number was measured; the window shows no measured number without its step.

use crate::history::{Dated, Run};
use crate::text;

/// Text in place of λ₁ before its first measurement.
pub(in crate::ui) const NOT_YET: &str = "λ₁ is not measured yet";

/// The step, and its age if a newer measurement is overdue.
pub(in crate::ui) fn when(run: &Run, step: u64) -> String {
    let age = run.steps_since(step);
    let age = run.is_outdated(step).then(|| format!(", {} ago", text::plural(age, "step")));
    format!("at step {step}{}", age.unwrap_or_default())
}

/// A number in three digits with its step.
pub(in crate::ui) fn dated(run: &Run, Dated { value, step }: Dated) -> String {
    format!("{} {}", text::number(text::rounded(value, 3)), when(run, step))
}
