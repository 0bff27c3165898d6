//! Classes that distinguish points, curves and cells of a chart: outcomes of runs, and series.

use crate::protocol::EndKind;

/// The outcome of a run in a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It reached the loss that counts as trained.
    Trained,
    /// It ended without reaching it.
    Untrained(EndKind),
    /// Its settings were rejected, so it never started.
    Refused,
}

impl Outcome {
    /// It took all its steps but did not train.
    pub const SURVIVED: Self = Self::Untrained(EndKind::Finished);

    /// Its loss diverged.
    pub const DIVERGED: Self = Self::Untrained(EndKind::DIVERGED);

    /// It could not start or continue.
    pub const FAILED: Self = Self::Untrained(EndKind::FAILED);

    /// All outcomes in a table, from best to worst.
    pub const ALL: [Self; 5] =
        [Self::Trained, Self::SURVIVED, Self::DIVERGED, Self::FAILED, Self::Refused];

    /// The outcome of a run that ended so.
    #[must_use]
    pub fn of(end: EndKind, is_trained: bool) -> Self {
        if end == EndKind::Finished && is_trained { Self::Trained } else { Self::Untrained(end) }
    }

    /// Its word in legends.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Trained => "trained",
            Self::SURVIVED => "survived",
            Self::Untrained(end) => end.word(),
            Self::Refused => "refused",
        }
    }
}

/// The most frequent outcome, the worst of equally frequent ones; `None` without runs.
#[must_use]
pub fn majority(outcomes: &[Outcome]) -> Option<Outcome> {
    let n = |outcome: &Outcome| outcomes.iter().filter(|other| *other == outcome).count();
    // `max_by_key` returns the last of equal ones, which is the worst.
    Outcome::ALL.into_iter().filter(|outcome| n(outcome) > 0).max_by_key(n)
}

/// What a layer shows; each class has its own colour, and outcomes and series
/// have their own markers or dashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Runs with this outcome.
    Outcome(Outcome),
    /// The method or group with this index.
    Series(usize),
    /// The curvature of the only run of a chart.
    Curvature,
    /// The limit that binds that run.
    Limit,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_runs_decide_and_a_draw_goes_to_the_worse() {
        const TRAINED: Outcome = Outcome::Trained;
        const SURVIVED: Outcome = Outcome::SURVIVED;
        const DIVERGED: Outcome = Outcome::DIVERGED;
        assert_eq!(majority(&[TRAINED, DIVERGED, TRAINED]), Some(TRAINED));
        assert_eq!(majority(&[DIVERGED, TRAINED]), Some(DIVERGED));
        assert_eq!(majority(&[TRAINED, SURVIVED, DIVERGED, SURVIVED]), Some(SURVIVED));
        assert_eq!(majority(&[]), None);
    }
}
