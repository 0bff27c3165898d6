//! Statistics of studies: single numbers from a grid of runs.

use super::Grid;

/// Learning-rate sensitivity (arXiv 2309.14322): the mean over rates of min(ℓ(η), ℓ₀) − ℓ*, with
/// losses at rates evenly spaced in log η, the loss ℓ₀ at initialization, and ℓ* the least of
/// min(ℓ(η), ℓ₀). NaN counts as ℓ₀. `None` without losses or without a finite ℓ₀.
#[must_use]
pub fn lr_sensitivity(losses: &[f64], initial: f64) -> Option<f64> {
    if losses.is_empty() || !initial.is_finite() {
        return None;
    }
    // `f64::min` returns the other operand if one is NaN.
    let capped: Vec<f64> = losses.iter().map(|loss| loss.min(initial)).collect();
    let best = capped.iter().copied().fold(initial, f64::min);
    Some(capped.iter().map(|loss| loss - best).sum::<f64>() / capped.len() as f64)
}

/// The largest value at which more than half of the runs (value, has trained) trained.
pub fn largest_trainable(runs: impl IntoIterator<Item = (f64, bool)>) -> Option<f64> {
    let grid = Grid::gather(runs.into_iter().map(|(value, trained)| ([value, 0.0], trained)));
    let has_trained = |(column, _, runs): (usize, usize, &Vec<bool>)| {
        let n_trained = runs.iter().filter(|trained| **trained).count();
        (2 * n_trained > runs.len()).then(|| grid.xs().get(column).copied()).flatten()
    };
    grid.iter().filter_map(has_trained).last()
}

/// A quantile at a share in 0..=1, interpolated linearly; NaN counts as ∞. `None` without values.
#[must_use]
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let number = |value: &f64| if value.is_nan() { f64::INFINITY } else { *value };
    let mut sorted: Vec<f64> = values.iter().map(number).collect();
    sorted.sort_by(f64::total_cmp);
    let at = share.clamp(0.0, 1.0) * sorted.len().checked_sub(1)? as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to the length")]
    let (below, above) = (at.floor() as usize, at.ceil() as usize);
    let (low, high) = (*sorted.get(below)?, *sorted.get(above)?);
    // Interpolating with weight 0 towards ∞ would give NaN.
    let part = at - at.floor();
    Some(if part == 0.0 || low == high { low } else { low + part * (high - low) })
}

/// The median of some values, and two quantiles around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// A lower quantile.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// An upper quantile.
    pub high: f64,
}

impl Spread {
    /// The median and two [quantiles](quantile); `None` without values.
    #[must_use]
    pub fn of(values: &[f64], [low, high]: [f64; 2]) -> Option<Self> {
        let at = |share| quantile(values, share);
        Some(Self { low: at(low)?, median: at(0.5)?, high: at(high)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sensitivity_is_the_mean_loss_above_the_best_capped_at_the_start() {
        // min(ℓ, 2) = .5, .1, 2, 2; less .1: .4, 0, 1.9, 1.9.
        let found = lr_sensitivity(&[0.5, 0.1, 50.0, f64::NAN], 2.0).unwrap();
        assert!((found - 4.2 / 4.0).abs() < 1e-12, "{found}");
        assert_eq!(lr_sensitivity(&[0.3, 0.3], 2.0), Some(0.0));
        assert_eq!(lr_sensitivity(&[5.0, f64::INFINITY], 2.0), Some(0.0));
        assert_eq!(lr_sensitivity(&[], 2.0), None);
        assert_eq!(lr_sensitivity(&[1.0], f64::NAN), None);
    }

    #[test]
    fn the_largest_trainable_value_needs_more_than_half_of_its_seeds() {
        let runs = [(0.1, true), (0.2, true), (0.2, true), (0.2, false)];
        assert_eq!(largest_trainable(runs), Some(0.2));
        let draw = [(0.4, true), (0.4, false), (0.1, true), (0.8, false)];
        assert_eq!(largest_trainable(draw), Some(0.1));
        // A gap does not end the search.
        assert_eq!(largest_trainable([(0.1, true), (0.2, false), (0.4, true)]), Some(0.4));
        assert_eq!(largest_trainable([(0.1, false)]), None);
        assert_eq!(largest_trainable([]), None);
    }

    #[test]
    fn quantiles_are_interpolated_and_nan_is_above_all() {
        let values = [4.0, 1.0, 2.0, 3.0];
        assert_eq!(quantile(&values, 0.5), Some(2.5));
        assert_eq!(quantile(&values, 0.25), Some(1.75));
        assert_eq!((quantile(&values, 0.0), quantile(&values, 1.0)), (Some(1.0), Some(4.0)));
        assert_eq!(quantile(&[1.0, f64::NAN, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[1.0, f64::NAN], 0.5), Some(f64::INFINITY));
        assert_eq!(quantile(&[f64::NAN, f64::NAN], 0.3), Some(f64::INFINITY));
        assert_eq!(quantile(&[], 0.5), None);
        let spread = Spread::of(&values, [0.25, 0.75]).unwrap();
        assert_eq!(spread, Spread { low: 1.75, median: 2.5, high: 3.25 });
    }
}
