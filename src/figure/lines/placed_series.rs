//! A series placed on the horizontal axis, and which of its values a line joins.

use crate::history::Series;

/// Which consecutive values of a series are joined by a line.
#[derive(Clone, Copy, Debug)]
pub(in crate::figure) enum Joined<'a> {
    /// All.
    All,
    /// Those at most this many steps apart.
    Within(u64),
    /// Those between which this series has no value: one there is a step at which the drawn series
    /// was due and is unknown.
    NextOf(&'a Series),
}

impl Joined<'_> {
    /// Whether values at these two steps, the earlier one first, are joined.
    pub(in crate::figure) fn joins(self, before: u64, after: u64) -> bool {
        match self {
            Self::All => true,
            Self::Within(most) => after.saturating_sub(before) <= most,
            Self::NextOf(due) => due.n_up_to(after.saturating_sub(1)) <= due.n_up_to(before),
        }
    }
}

/// A series placed on the horizontal axis.
pub(in crate::figure) struct PlacedSeries<'a> {
    /// The values.
    pub(in crate::figure) series: &'a Series,
    /// The place of a step; never decreases.
    pub(in crate::figure) place: &'a dyn Fn(u64) -> f64,
    /// Which values a line joins.
    pub(in crate::figure) joined: Joined<'a>,
}

impl PlacedSeries<'_> {
    /// The place of the value with this index.
    pub(in crate::figure) fn place(&self, index: usize) -> f64 {
        (self.place)(self.series.step(index))
    }

    /// The number of values before the first whose place fails `is_before`.
    pub(in crate::figure) fn n_before(&self, is_before: impl Fn(f64) -> bool) -> usize {
        let (mut low, mut high) = (0, self.series.len());
        while low < high {
            let middle = low.midpoint(high);
            if is_before(self.place(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
