//! Runs shown for comparison, and how their styles are numbered.

use crate::protocol::RunId;

/// Number of distinct ghost styles; all further ghosts share one more, with this index.
pub const N_GHOST_STYLES: usize = 8;

/// A run shown faded beside the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ghost {
    /// Its full name.
    pub name: String,
    /// Index of its style, below [`N_GHOST_STYLES`], or equal to it for the shared style.
    pub style: usize,
}

/// The most characters of a short name.
const MAX_SHORT: usize = 14;

impl Ghost {
    /// The label without a number of seeds, for narrow places; one of more than 14 characters ends
    /// in an ellipsis.
    #[must_use]
    pub fn short_name(&self) -> String {
        let label = self.label();
        let label = match label.rsplit_once(" (") {
            Some((label, number)) if number.ends_with("seeds)") => label,
            Some(_) | None => label,
        };
        if label.chars().count() <= MAX_SHORT {
            return label.to_owned();
        }
        let start: String = label.chars().take(MAX_SHORT - 1).collect();
        format!("{}…", start.trim_end())
    }

    /// The name up to its colon, without differences.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.split(':').next().unwrap_or_default()
    }

    /// Whether it has the style that all further ghosts share.
    #[must_use]
    pub fn shares_style(&self) -> bool {
        self.style >= N_GHOST_STYLES
    }

    /// Whether its lines are dashed.
    #[must_use]
    pub fn is_dashed(&self) -> bool {
        !self.shares_style() && self.style % 4 >= 2
    }
}

/// Style indices of ghosts in the given order, distinct while there are enough styles. The
/// preferred index follows from the run's number, so the others keep theirs when one run is
/// removed.
#[must_use]
pub fn ghost_styles(runs: impl IntoIterator<Item = RunId>) -> Vec<usize> {
    let mut styles: Vec<usize> = Vec::new();
    for RunId(id) in runs {
        let wanted = usize::try_from(id.saturating_sub(1) % N_GHOST_STYLES as u64).unwrap_or(0);
        let mut free = (0..N_GHOST_STYLES).map(|i| (wanted + i) % N_GHOST_STYLES);
        let style = free.find(|style| !styles.contains(style)).unwrap_or(N_GHOST_STYLES);
        styles.push(style);
    }
    styles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_shows_that_it_is_cut() {
        let short = |name: &str| Ghost { name: name.to_owned(), style: 0 }.short_name();
        assert_eq!(short("fashion-edge (3 seeds)"), "fashion-edge");
        assert_eq!(short("clipping at 10"), "clipping at 10");
        assert_eq!(short("256 steps of warmup"), "256 steps of…");
    }

    #[test]
    fn ghosts_have_different_styles_and_keep_them_when_the_oldest_is_removed() {
        let styles = |ids: &[u64]| ghost_styles(ids.iter().copied().map(RunId));
        let before = styles(&[3, 4, 5, 6]);
        assert_eq!(styles(&[4, 5, 6, 7])[..3], before[1..]);
        for ids in [[3, 4, 5, 6], [3, 5, 6, 7], [1, 1, 1, 1], [8, 16, 24, 32]] {
            let mut found = styles(&ids);
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), 4, "{ids:?}");
        }
        assert_eq!(styles(&[1; 20]).len(), 20);
    }
}
