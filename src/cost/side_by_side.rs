//! How many runs fit into memory at the same time.

use super::Cost;
use crate::config::RunConfig;

/// Runs that train at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideBySide {
    /// Their number, at least 1.
    pub n: usize,
    /// Estimated peak memory of the largest in bytes.
    pub largest: u64,
}

/// How many runs of these configurations fit into so many bytes, at most `n`. A run that does not fit
/// alone is ignored: it is refused when it starts.
#[must_use]
pub fn side_by_side<'a>(
    configs: impl IntoIterator<Item = &'a RunConfig>,
    n: usize,
    bytes: u64,
) -> SideBySide {
    let needs =
        configs.into_iter().filter_map(|config| Some(Cost::of(config, 1).ok()?.memory.total()));
    let largest = needs.filter(|need| *need <= bytes).max().unwrap_or(0);
    let fit = bytes.checked_div(largest).and_then(|fit| usize::try_from(fit).ok()).unwrap_or(n);
    SideBySide { n: fit.min(n), largest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_runs_train_as_the_largest_that_fits_leaves_room_for() {
        let config = RunConfig::default();
        let need = Cost::of(&config, 1).unwrap().memory.total();
        let of = |n, bytes| side_by_side([&config], n, bytes).n;
        assert_eq!([of(8, 3 * need), of(2, 3 * need), of(8, need)], [3, 2, 1]);
        // It cannot be run at all.
        assert_eq!(side_by_side([&config], 8, need - 1), SideBySide { n: 8, largest: 0 });
    }
}
