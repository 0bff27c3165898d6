//! The trend of measured values: the slope of a straight line with its standard error.

use crate::history::dated::Dated;

use super::definitions::{MIN_MEASURED, N_STANDARD_ERRORS};

/// Where a quantity is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Up.
    Rising,
    /// Down.
    Falling,
    /// Neither is significant.
    Level,
}

/// The direction of measured values at increasing steps: that of the least-squares slope if it
/// exceeds its standard error enough, if the line changes by more than this fraction of the mean, the
/// accuracy of the values, and if the last two values, which may alternate, are on that side of the
/// median: after a sudden fall the slope still rises.
pub(super) fn direction(
    values: impl ExactSizeIterator<Item = Dated> + Clone,
    accuracy: f64,
) -> Direction {
    let n = values.len();
    if n < MIN_MEASURED {
        return Direction::Level;
    }
    let mean = |of: fn(Dated) -> f64| values.clone().map(of).sum::<f64>() / n as f64;
    let (middle, mean) = (mean(|dated| dated.step as f64), mean(|dated| dated.value));
    let offsets = || values.clone().map(|d| (d.step as f64 - middle, d.value - mean));
    let spread: f64 = offsets().map(|(x, _)| x * x).sum();
    let slope = offsets().map(|(x, y)| x * y).sum::<f64>() / spread;
    let residues: f64 = offsets().map(|(x, y)| (y - slope * x).powi(2)).sum();
    let error = (residues / (n as f64 - 2.0) / spread).sqrt();
    let width = offsets().last().map_or(0.0, |(last, _)| last)
        - offsets().next().map_or(0.0, |(first, _)| first);
    let is_trend =
        slope.abs() > N_STANDARD_ERRORS * error && (slope * width).abs() > accuracy * mean.abs();
    let median = median(values.clone().map(|dated| dated.value)).unwrap_or(mean);
    let newest = values.skip(n - 2).map(|dated| dated.value).sum::<f64>() / 2.0;
    let is_above = newest >= median;
    match (is_trend, slope > 0.0, is_above) {
        (true, true, true) => Direction::Rising,
        (true, false, false) => Direction::Falling,
        _ => Direction::Level,
    }
}

/// The median; `None` of nothing.
pub(super) fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    Some(if sorted.len().is_multiple_of(2) {
        f64::midpoint(sorted[sorted.len() / 2 - 1], upper)
    } else {
        upper
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(n: u64, value: impl Fn(f64) -> f64) -> Direction {
        let values: Vec<_> =
            (0..n).map(|step| Dated { value: value(step as f64), step: 3 * step }).collect();
        direction(values.iter().copied(), 1e-3)
    }

    #[test]
    fn a_slope_is_a_trend_above_two_standard_errors_and_the_accuracy() {
        assert_eq!(of(50, |x| 1.0 + 0.01 * x), Direction::Rising);
        assert_eq!(of(50, |x| 1.0 - 0.01 * x), Direction::Falling);
        assert_eq!(of(50, |_| 1.0), Direction::Level);
        assert_eq!(of(9, |x| x), Direction::Level, "too few");
        assert_eq!(of(10, |x| 1.0 + x), Direction::Rising);
        // 49 steps of 1e-5 and of 3e-5 of the mean.
        assert_eq!(of(50, |x| 1.0 + 1e-5 * x), Direction::Level);
        assert_eq!(of(50, |x| 1.0 + 3e-5 * x), Direction::Rising);
        let fall = |x: f64| if x < 45.0 { 1.0 + x } else { 2.0 };
        assert_eq!(of(50, fall), Direction::Level, "it rose, and fell at the end");
        // An alternation of ±a has a standard error of a/√(Σx²·(n − 2)/n) = a/100.
        let wave =
            |slope: f64| move |x: f64| 1.0 + slope * x + if x % 2.0 == 0.0 { 0.1 } else { -0.1 };
        assert_eq!(of(50, wave(0.001)), Direction::Level);
        assert_eq!(of(50, wave(0.004)), Direction::Rising);
    }

    #[test]
    fn a_median_is_the_middle_or_the_mean_of_two() {
        assert_eq!(median([].into_iter()), None);
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), Some(2.0));
        assert_eq!(median([4.0, 1.0, 3.0, 2.0].into_iter()), Some(2.5));
    }
}
