//! Ticks and numbers along the axes of small plots; every range gets some numbers.

use std::ops::RangeInclusive;

use egui_plot::{GridInput, GridMark};

use crate::figure::{Scale, ticks};
use crate::text;

/// Width of the numbers beside a vertical axis in points.
pub(in crate::ui) const NUMBERS_WIDTH: f32 = 48.0;

/// Approximate count of numbers along an axis.
const N_NUMBERS: usize = 5;

/// Step size of a tick without a number, as a fraction of the range.
const FINER: f64 = 0.06;

/// Ticks at log₁₀ of round values.
pub(in crate::ui) fn logarithmic(input: &GridInput) -> Vec<GridMark> {
    along(Scale::Log, input.bounds.0, input.bounds.1)
}

/// Ticks at round values.
pub(in crate::ui) fn even(input: &GridInput) -> Vec<GridMark> {
    along(Scale::Linear, input.bounds.0, input.bounds.1)
}

fn along(scale: Scale, low: f64, high: f64) -> Vec<GridMark> {
    // egui_plot hides numbers with small steps; these are already far apart, so claim the whole range.
    let whole = high - low;
    let mark = |tick: crate::figure::Tick| GridMark {
        value: tick.place,
        step_size: if tick.label.is_empty() { FINER * whole } else { whole },
    };
    ticks(scale, [low, high], N_NUMBERS).into_iter().map(mark).collect()
}

/// The number of a tick at log₁₀ of a value; empty for a minor tick.
pub(in crate::ui) fn of_logarithm(mark: GridMark, range: &RangeInclusive<f64>) -> String {
    let whole = range.end() - range.start();
    if mark.step_size < 0.5 * whole { String::new() } else { number(mark.value) }
}

/// Formats 10 to the power of `place`.
pub(in crate::ui) fn number(place: f64) -> String {
    text::number(10_f64.powf(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_has_numbers_however_narrow_or_wide() {
        for bounds in [(-0.31, -0.30), (-0.35, -0.2), (-1.0, 1.0), (-5.0, 2.0), (-290.0, 300.0)] {
            let marks = logarithmic(&GridInput { bounds, base_step_size: 1.0 });
            let range = bounds.0..=bounds.1;
            let numbers: Vec<String> =
                marks.iter().map(|m| of_logarithm(*m, &range)).filter(|n| !n.is_empty()).collect();
            assert!((2..12).contains(&numbers.len()), "{bounds:?}: {numbers:?}");
            assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]), "{numbers:?}");
        }
    }
}
