//! One quantity over the steps at which it was measured; every value is kept, finite or not.

use super::packed_values::Values;
use super::pyramid::{LEAF, Pyramid, Summary};
use super::steps::Steps;

/// Values of one quantity at increasing steps, with an index for the extremes of ranges.
///
/// A value takes at most 12 bytes if the steps are evenly spaced, at most 4 if the values are too
/// (constants, counts), and up to 14 more if no three steps are evenly spaced.
#[derive(Clone, Debug, Default)]
pub struct Series {
    steps: Steps,
    values: Values,
    pyramid: Pyramid,
}

impl Series {
    /// Appends the value at a step later than all before, in O(1) amortised.
    pub(super) fn push(&mut self, step: u64, value: f64) {
        self.steps.push(step);
        self.values.push(value);
        let len = self.len();
        if len.is_multiple_of(LEAF) {
            self.pyramid.push((len - LEAF..len).map(|i| self.values.get(i)));
        }
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing has been measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The step with this index, which must be below the length.
    #[must_use]
    pub fn step(&self, index: usize) -> u64 {
        self.steps.get(index)
    }

    /// The value with this index, which must be below the length.
    #[must_use]
    pub fn value(&self, index: usize) -> f64 {
        self.values.get(index)
    }

    /// The extremes of the values `start..end`: one lookup if the range is an aligned power of two,
    /// a few dozen otherwise.
    #[must_use]
    pub fn summary(&self, [start, end]: [usize; 2]) -> Summary {
        self.pyramid.summary([start, end.min(self.len())], |i| self.value(i))
    }

    /// Number of values at or before this step.
    #[must_use]
    pub fn n_up_to(&self, step: u64) -> usize {
        self.steps.n_up_to(step)
    }

    /// Indices of the values from the first step to the last, both included.
    #[must_use]
    pub fn index_range(&self, [first, last]: [f64; 2]) -> std::ops::Range<usize> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and the cast saturates"
        )]
        let n_up_to = |x: f64| if x >= 0.0 { self.n_up_to(x.floor() as u64) } else { 0 };
        let from = n_up_to(first.ceil() - 1.0);
        from..n_up_to(last).max(from)
    }

    /// Step and value with this index; `None` beyond the end.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<(u64, f64)> {
        (index < self.len()).then(|| (self.step(index), self.value(index)))
    }

    /// Pairs of step and value, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, f64)> + ExactSizeIterator + '_ {
        (0..self.len()).map(|i| (self.step(i), self.value(i)))
    }

    /// The last step, with its value.
    #[must_use]
    pub fn last(&self) -> Option<(u64, f64)> {
        self.iter().next_back()
    }

    /// The first step, with its value.
    #[must_use]
    pub fn first(&self) -> Option<(u64, f64)> {
        self.iter().next()
    }

    /// The value at exactly this step, if measured.
    #[must_use]
    pub fn at(&self, step: u64) -> Option<f64> {
        self.at_or_before(step).filter(|(at, _)| *at == step).map(|(_, value)| value)
    }

    /// The latest value at or before this step, as step and value.
    #[must_use]
    pub fn at_or_before(&self, step: u64) -> Option<(u64, f64)> {
        let index = self.n_up_to(step).checked_sub(1)?;
        Some((self.step(index), self.value(index)))
    }

    /// Memory held, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.steps.bytes() + self.values.bytes() + self.pyramid.bytes()
    }
}

/// A series of these values at these increasing steps.
impl FromIterator<(u64, f64)> for Series {
    fn from_iter<I: IntoIterator<Item = (u64, f64)>>(values: I) -> Self {
        let mut series = Self::default();
        values.into_iter().for_each(|(step, value)| series.push(step, value));
        series
    }
}

/// Equal steps with equal values; NaN differs from everything.
impl PartialEq for Series {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(n: u64, step: impl Fn(u64) -> u64, value: impl Fn(u64) -> f64) -> Series {
        (0..n).map(|i| (step(i), value(i))).collect()
    }

    #[test]
    fn values_are_found_at_measured_steps_and_before_unmeasured_ones() {
        let y = [1.0, f64::NAN, 3.0];
        let series = series(3, |i| 10 * i, |i| y[usize::try_from(i).unwrap()]);
        assert_eq!(series.at(20), Some(3.0));
        assert_eq!(series.at(5), None);
        assert_eq!(series.at_or_before(9), Some((0, 1.0)));
        assert!(series.at(10).unwrap().is_nan());
        assert_eq!(Series::default().at_or_before(3), None);
        assert_eq!((series.first(), series.last()), (Some((0, 1.0)), Some((20, 3.0))));
        assert_eq!((series.index_range([0.5, 20.0]), series.index_range([3.0, 1.0])), (1..3, 1..1));
        assert_eq!(
            (series.index_range([-9.0, -1.0]), series.index_range([10.0, 10.0])),
            (0..0, 1..2)
        );
        assert_eq!((series.get(2), series.get(3)), (Some((20, 3.0)), None));
    }

    #[test]
    fn a_summary_finds_the_extremes_and_every_kind_of_nonfinite_value() {
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -3.0];
        let value = |i: u64| {
            let which = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            let spread = (which % 1000) as f64 / 7.0 - 20.0;
            odd.get(usize::try_from(which % 300).unwrap()).copied().unwrap_or(spread)
        };
        let series = series(1234, |i| i, value);
        for start in (0..1200).step_by(37) {
            for end in (start..=1234).step_by(61) {
                let inside = || (start..end).map(|i| (i, series.value(i)));
                let first = |is: &dyn Fn(f64) -> bool| inside().find(|(_, x)| is(*x));
                let finite = || inside().filter(|(_, x)| x.is_finite());
                let low = finite().map(|(_, x)| x).reduce(f64::min);
                let high = finite().map(|(_, x)| x).reduce(f64::max);
                let positive = finite().map(|(_, x)| x).filter(|x| *x > 0.0).reduce(f64::min);
                let found = series.summary([start, end]);
                let wanted = |value: Option<f64>| value.and_then(|v| first(&|x| x == v));
                assert_eq!(found.lowest(), wanted(low), "{start} {end}");
                assert_eq!(found.highest(), wanted(high), "{start} {end}");
                assert_eq!(found.lowest_positive(), wanted(positive), "{start} {end}");
                let kinds = [first(&f64::is_nan), wanted_infinite(inside(), 1.0)]
                    .into_iter()
                    .chain([wanted_infinite(inside(), -1.0)])
                    .flatten()
                    .map(|(i, _)| i);
                let found: Vec<_> = found.not_finite().map(|(i, _)| i).collect();
                assert_eq!(found, kinds.collect::<Vec<_>>(), "{start} {end}");
            }
        }
    }

    fn wanted_infinite(
        mut values: impl Iterator<Item = (usize, f64)>,
        sign: f64,
    ) -> Option<(usize, f64)> {
        values.find(|(_, x)| *x == sign * f64::INFINITY)
    }

    #[test]
    fn memory_per_value_is_as_documented_and_next_to_none_for_constants_and_rare_values() {
        let n = 100_000;
        let each = |series: &Series| series.bytes() as f64 / n as f64;
        let noise = |i: u64| (i as f64).sin();
        assert!(each(&series(n, |i| i, noise)) <= 12.0);
        assert!(each(&series(n, |i| i, |_| 0.1)) <= 4.0);
        assert!(each(&series(n, |i| i, |i| i as f64)) <= 4.0);
        assert!(each(&series(n / 100, |i| 100 * i, noise)) <= 0.2);
        // Two steps out of three: no three are evenly spaced.
        assert!(each(&series(n, |i| i / 2 * 3 + i % 2, noise)) <= 26.0);
        assert_eq!(Series::default().bytes(), size_of::<Series>());
    }
}
