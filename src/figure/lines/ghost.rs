//! Runs shown for comparison, and how their styles are numbered.

use crate::protocol::RunId;

/// Number of distinct ghost styles; all further ghosts share one more, with this index.
pub const N_GHOST_LOOKS: usize = 8;

/// A run shown faded beside the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ghost {
    /// Its full name.
    pub name: String,
    /// Index of its style, below [`N_GHOST_LOOKS`], or equal to it for the shared style.
    pub place: usize,
}

impl Ghost {
    /// The name up to its colon, at most 14 characters, for narrow places.
    #[must_use]
    pub fn short_name(&self) -> String {
        self.name.split(':').next().unwrap_or_default().chars().take(14).collect()
    }

    /// Whether it has the style that all further ghosts share.
    #[must_use]
    pub fn is_one_of_many(&self) -> bool {
        self.place >= N_GHOST_LOOKS
    }

    /// Whether its lines are dashed.
    #[must_use]
    pub fn is_dashed(&self) -> bool {
        !self.is_one_of_many() && self.place % 4 >= 2
    }
}

/// Style indices of ghosts in the given order, distinct while there are enough styles. The preferred
/// index follows from the run's number, so the others keep theirs when one run is removed.
#[must_use]
pub fn ghost_places(runs: impl IntoIterator<Item = RunId>) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for RunId(id) in runs {
        let wanted = usize::try_from(id.saturating_sub(1) % N_GHOST_LOOKS as u64).unwrap_or(0);
        let mut free = (0..N_GHOST_LOOKS).map(|i| (wanted + i) % N_GHOST_LOOKS);
        let place = free.find(|place| !places.contains(place)).unwrap_or(N_GHOST_LOOKS);
        places.push(place);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ghosts_have_different_looks_and_keep_them_when_the_oldest_goes() {
        let places = |ids: &[u64]| ghost_places(ids.iter().copied().map(RunId));
        let before = places(&[3, 4, 5, 6]);
        assert_eq!(places(&[4, 5, 6, 7])[..3], before[1..]);
        for ids in [[3, 4, 5, 6], [3, 5, 6, 7], [1, 1, 1, 1], [8, 16, 24, 32]] {
            let mut seen = places(&ids);
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 4, "{ids:?}");
        }
        assert_eq!(places(&[1; 20]).len(), 20);
    }
}
