//! The lines of a picture: what each stands for, whose it is, and what was made of its values.
//! Does not make them, and knows no colour.

use crate::protocol::RunId;

use super::{Point, Reading, Trace};

/// Looks of ghosts that can be told apart; ghosts beyond them share one more, with this place.
pub const N_GHOST_LOOKS: usize = 8;

/// One quantity of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is, from which its look follows.
    pub role: Role,
    /// Short name, for legends and hover labels.
    pub name: String,
    /// Which run, when that is a ghost.
    pub ghost: Option<Ghost>,
    /// Its values, reduced to what can be seen.
    pub trace: Trace,
    /// Its running mean, where a person wants one: it is drawn over its values.
    pub smooth: Vec<Vec<Point>>,
    /// What lies around it at each step: its estimated error, or the range over seeds.
    pub bands: Vec<Vec<Extent>>,
    /// Its last value up to the end of what is in view, exactly; only of limits.
    pub end: Option<Point>,
    /// Its value under the pointer; `None` without a pointer, or outside its run.
    pub reading: Option<Reading>,
}

/// A step with the lower and the upper end of what lies around a line there.
pub type Extent = [f64; 3];

impl Line {
    /// A line of values alone.
    #[must_use]
    pub fn new(role: Role, name: String, ghost: Option<Ghost>, trace: Trace) -> Self {
        let (smooth, bands) = (Vec::new(), Vec::new());
        Self { role, name, ghost, trace, smooth, bands, end: None, reading: None }
    }

    /// Its last value between two places; to within a bucket where [`Self::end`] is not known.
    #[must_use]
    pub fn newest(&self, [first, last]: [f64; 2]) -> Option<Point> {
        let is_within = |point: &Point| (first..=last).contains(&point[0]);
        let drawn = || self.trace.points().filter(is_within).last();
        self.end.filter(is_within).or_else(drawn)
    }
}

/// A former run on a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ghost {
    /// Its name in the legend.
    pub name: String,
    /// Which of the [`N_GHOST_LOOKS`] looks it has, or the one that is shared.
    pub place: usize,
}

impl Ghost {
    /// The name without what sets the run apart, for narrow places.
    #[must_use]
    pub fn short_name(&self) -> String {
        self.name.split(':').next().unwrap_or_default().chars().take(14).collect()
    }

    /// Whether it is one of those that only share a look.
    #[must_use]
    pub fn is_one_of_many(&self) -> bool {
        self.place >= N_GHOST_LOOKS
    }

    /// Whether the lines of this look are dashed.
    #[must_use]
    pub fn is_dashed(&self) -> bool {
        !self.is_one_of_many() && self.place % 4 >= 2
    }
}

/// Looks for every ghost in order, all different while there are enough; those after them share
/// one. A run keeps the look that follows from its number, so that the others stay as they are when
/// one goes.
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

/// What a line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Training loss.
    TrainLoss,
    /// Test loss.
    TestLoss,
    /// Loss on the set that the curvature is measured on, where that is not the batch.
    ProbeLoss,
    /// The eigenvalue of this rank; 1 is the sharpness.
    Eigenvalue(u8),
    /// The largest eigenvalue of the preconditioned Hessian, which the threshold is for.
    Preconditioned,
    /// The mean curvature of fresh batches along their own gradients.
    BatchSharpness,
    /// The smallest eigenvalue.
    Smallest,
    /// The sharpness measured again as a check: points, no line.
    Audit,
    /// The stability threshold without clipping.
    Threshold,
    /// The threshold at the effective learning rate.
    EffectiveThreshold,
    /// The learning rate.
    Rate,
    /// The learning rate times the clip scale.
    EffectiveRate,
    /// The gradient norm.
    GradNorm,
    /// The level above which gradients are clipped.
    ClipLevel,
}

impl Role {
    /// Whether it is a stability threshold, of whatever rate.
    #[must_use]
    pub fn is_limit(self) -> bool {
        matches!(self, Self::Threshold | Self::EffectiveThreshold)
    }

    /// Whether it is drawn above all curves, which would otherwise bury it in a long run.
    #[must_use]
    pub fn is_on_top(self) -> bool {
        matches!(
            self,
            Self::Threshold
                | Self::EffectiveThreshold
                | Self::ClipLevel
                | Self::ProbeLoss
                | Self::Audit
        )
    }

    /// Whether it is drawn dashed, so that it differs by more than its colour.
    #[must_use]
    pub fn is_dashed(self) -> bool {
        matches!(
            self,
            Self::TestLoss
                | Self::ProbeLoss
                | Self::EffectiveThreshold
                | Self::EffectiveRate
                | Self::ClipLevel
        )
    }
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
