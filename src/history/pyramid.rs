//! Extremes of ranges of values, precomputed for ranges of 32, 64, 128, … values as these arrive.

use super::growth::push;

/// Values per summary of the lowest level.
pub(super) const LEAF: usize = 32;

const LEAF_LEVEL: u32 = LEAF.ilog2();

/// Marks a missing index; no series is that long.
const NOWHERE: u32 = u32::MAX;

/// Extremes of a range of values: index and value of the lowest, highest and lowest positive finite
/// ones, and the first index of NaN, +∞ and −∞.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    lowest: f64,
    highest: f64,
    lowest_positive: f64,
    at: [u32; 6],
}

impl Summary {
    const EMPTY: Self = Self {
        lowest: f64::INFINITY,
        highest: f64::NEG_INFINITY,
        lowest_positive: f64::INFINITY,
        at: [NOWHERE; 6],
    };

    fn add(&mut self, index: usize, value: f64) {
        // A run has at most 10⁹ steps, so an index fits.
        let index = u32::try_from(index).unwrap_or(NOWHERE);
        let [lowest, highest, lowest_positive, nan, above, below] = &mut self.at;
        if !value.is_finite() {
            let kind = match value {
                f64::INFINITY => above,
                f64::NEG_INFINITY => below,
                _ => nan,
            };
            *kind = (*kind).min(index);
            return;
        }
        if value < self.lowest {
            (self.lowest, *lowest) = (value, index);
        }
        if value > self.highest {
            (self.highest, *highest) = (value, index);
        }
        if value > 0.0 && value < self.lowest_positive {
            (self.lowest_positive, *lowest_positive) = (value, index);
        }
    }

    /// Extends this summary by that of the values after it.
    fn merge(&mut self, later: &Self) {
        if later.lowest < self.lowest {
            (self.lowest, self.at[0]) = (later.lowest, later.at[0]);
        }
        if later.highest > self.highest {
            (self.highest, self.at[1]) = (later.highest, later.at[1]);
        }
        if later.lowest_positive < self.lowest_positive {
            (self.lowest_positive, self.at[2]) = (later.lowest_positive, later.at[2]);
        }
        for (kind, later) in self.at.iter_mut().zip(later.at).skip(3) {
            *kind = (*kind).min(later);
        }
    }

    fn place(&self, which: usize, value: f64) -> Option<(usize, f64)> {
        (self.at[which] != NOWHERE).then_some((self.at[which] as usize, value))
    }

    /// First index and value of the minimum of the finite values.
    #[must_use]
    pub fn lowest(&self) -> Option<(usize, f64)> {
        self.place(0, self.lowest)
    }

    /// First index and value of the maximum of the finite values.
    #[must_use]
    pub fn highest(&self) -> Option<(usize, f64)> {
        self.place(1, self.highest)
    }

    /// First index and value of the minimum of the positive finite values.
    #[must_use]
    pub fn lowest_positive(&self) -> Option<(usize, f64)> {
        self.place(2, self.lowest_positive)
    }

    /// The first NaN, +∞ and −∞, as far as they occur.
    pub fn not_finite(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        [(3, f64::NAN), (4, f64::INFINITY), (5, f64::NEG_INFINITY)]
            .into_iter()
            .filter_map(|(which, value)| self.place(which, value))
    }
}

/// Summaries of all complete, aligned ranges of 32, 64, 128, … values.
#[derive(Clone, Debug, Default)]
pub(super) struct Pyramid {
    levels: Vec<Vec<Summary>>,
}

impl Pyramid {
    /// Appends [`LEAF`] values, in O(1) amortised.
    pub(super) fn push(&mut self, values: impl Iterator<Item = f64>) {
        let start = self.levels.first().map_or(0, Vec::len) * LEAF;
        let mut summary = Summary::EMPTY;
        values.enumerate().for_each(|(i, value)| summary.add(start + i, value));
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let summaries = &mut self.levels[level];
            push(summaries, summary);
            if summaries.len() % 2 == 1 {
                return;
            }
            let later = summary;
            summary = summaries[summaries.len() - 2];
            summary.merge(&later);
        }
    }

    /// The summary of the values `start..end`; one lookup for an aligned range of a power of two.
    pub(super) fn summary(
        &self,
        [start, end]: [usize; 2],
        value: impl Fn(usize) -> f64,
    ) -> Summary {
        let mut all = Summary::EMPTY;
        let mut at = start;
        while at < end {
            let level = at.trailing_zeros().min((end - at).ilog2());
            let known = level.checked_sub(LEAF_LEVEL).and_then(|i| self.levels.get(i as usize));
            if let Some(summary) = known.and_then(|level_| level_.get(at >> level)) {
                all.merge(summary);
                at += 1 << level;
            } else {
                all.add(at, value(at));
                at += 1;
            }
        }
        all
    }

    /// Memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.levels.capacity() * size_of::<Vec<Summary>>()
            + self.levels.iter().map(|level| level.capacity() * size_of::<Summary>()).sum::<usize>()
    }
}
