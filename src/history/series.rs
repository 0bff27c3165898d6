//! One scalar over the steps at which it was measured.
//! Keeps every value, finite or not; does not know what it means.

/// Values of one quantity at increasing steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    steps: Vec<u64>,
    values: Vec<f64>,
}

impl Series {
    /// Adds the value at a later step than any before.
    pub(super) fn push(&mut self, step: u64, value: f64) {
        debug_assert!(self.steps.last().is_none_or(|last| *last < step));
        self.steps.push(step);
        self.values.push(value);
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing was measured yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Steps and values, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, f64)> + ExactSizeIterator + '_ {
        self.steps.iter().copied().zip(self.values.iter().copied())
    }

    /// The last step and its value.
    #[must_use]
    pub fn last(&self) -> Option<(u64, f64)> {
        self.iter().next_back()
    }

    /// The first step and its value.
    #[must_use]
    pub fn first(&self) -> Option<(u64, f64)> {
        self.iter().next()
    }

    /// Places in the series of the values from one step to another, both included.
    #[must_use]
    pub fn places(&self, [first, last]: [f64; 2]) -> std::ops::Range<usize> {
        let from = self.steps.partition_point(|step| (*step as f64) < first);
        let to = self.steps.partition_point(|step| (*step as f64) <= last);
        from..to.max(from)
    }

    /// Step and value at a place in the series.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<(u64, f64)> {
        Some((*self.steps.get(place)?, *self.values.get(place)?))
    }

    /// The value at exactly this step.
    #[must_use]
    pub fn at(&self, step: u64) -> Option<f64> {
        self.steps.binary_search(&step).ok().map(|i| self.values[i])
    }

    /// The latest value at or before this step, with its step.
    #[must_use]
    pub fn at_or_before(&self, step: u64) -> Option<(u64, f64)> {
        let after = self.steps.partition_point(|s| *s <= step);
        (after > 0).then(|| (self.steps[after - 1], self.values[after - 1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_answers_for_measured_and_for_unmeasured_steps() {
        let mut series = Series::default();
        series.push(0, 1.0);
        series.push(10, f64::NAN);
        series.push(20, 3.0);
        assert_eq!(series.at(20), Some(3.0));
        assert_eq!(series.at(5), None);
        assert_eq!(series.at_or_before(9), Some((0, 1.0)));
        assert!(series.at(10).unwrap().is_nan());
        assert_eq!(Series::default().at_or_before(3), None);
        assert_eq!((series.places([0.5, 20.0]), series.places([3.0, 1.0])), (1..3, 1..1));
        assert_eq!((series.get(2), series.get(3)), (Some((20, 3.0)), None));
    }
}
