//! The last measured curvature against its limit: each number with its error and the step of its
//! measurement.

use crate::history::{Dated, Run};
use crate::quantity::{self, Quantity};
use crate::text;

/// Significant digits of the curvature and its limit.
const DIGITS: u8 = 3;

/// Whether the solver met its tolerance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convergence {
    /// It did.
    Converged,
    /// It did not.
    NotConverged,
}

/// The limit at the step of the measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadLimit {
    /// `limit 20`, or `limit at η eff 20` where the gradient is clipped.
    pub words: String,
    /// The curvature as a multiple of it, for example `1.02`.
    pub ratio: String,
}

/// The curvature that the limit applies to, when last measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// Its symbol and value, for example `λ₁ 20.4`.
    pub curvature: String,
    /// How much larger it may be by the estimated error, for example `+0.1`; `None` where that does not
    /// change the digits shown, or is not known.
    pub error: Option<String>,
    /// Its limit; `None` without one.
    pub limit: Option<ReadLimit>,
    /// Whether the measurement converged; `None` in runs that did not record it.
    pub convergence: Option<Convergence>,
    /// Step of the measurement.
    pub step: u64,
    /// Whether a newer measurement is overdue, or a setting has changed since.
    pub is_old: bool,
}

impl Readout {
    /// The readout of a run; `None` before its first measurement.
    #[must_use]
    pub fn of(run: &Run) -> Option<Self> {
        let Dated { value, step } = run.governing()?;
        let at = |quantity: Quantity| run.series(quantity).at(step);
        let [error, converged] = if run.is_preconditioned() {
            [quantity::PRECONDITIONED_SHARPNESS_ERROR, quantity::PRECONDITIONED_SHARPNESS_CONVERGED]
        } else {
            [quantity::SHARPNESS_ERROR, quantity::SHARPNESS_CONVERGED]
        };
        let limits = (at(quantity::EFFECTIVE_THRESHOLD), at(quantity::BINDING_RATIO));
        let limit = match limits {
            (Some(limit), Some(ratio)) => {
                let is_whole = at(quantity::STABILITY_THRESHOLD) == Some(limit);
                let of = if is_whole { "limit" } else { "limit at η eff" };
                Some(ReadLimit { words: format!("{of} {}", short(limit)), ratio: short(ratio) })
            }
            _ => None,
        };
        let convergence = at(converged).map(|flag| {
            if flag == 0.0 { Convergence::NotConverged } else { Convergence::Converged }
        });
        Some(Self {
            curvature: format!("{} {}", run.governing_symbol(), short(value)),
            error: at(error).and_then(|error| visible_error(value, error)),
            limit,
            convergence,
            step,
            is_old: run.is_outdated(step),
        })
    }
}

fn short(x: f64) -> String {
    text::number(text::rounded(x, DIGITS))
}

/// An error relative to a value, in one digit, if it changes the digits shown of the value.
fn visible_error(value: f64, relative: f64) -> Option<String> {
    let error = (value * relative).abs();
    let last_digit = 10f64.powf(value.abs().log10().floor() + 1.0 - f64::from(DIGITS));
    let is_visible = error.is_finite() && error > 0.0 && error >= last_digit / 2.0;
    is_visible.then(|| format!("+{}", text::number(text::rounded(error, 1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_shown_if_it_changes_a_digit() {
        assert_eq!(visible_error(20.4, 0.005).unwrap(), "+0.1");
        assert_eq!(visible_error(20.4, 1e-4), None);
        assert_eq!(visible_error(-3.0, 0.5).unwrap(), "+2");
        assert_eq!(visible_error(0.0, 0.5), None);
        assert_eq!(visible_error(f64::NAN, 0.5), None);
    }
}
