//! What tells points, curves and cells of one chart apart.
//! Does not decide what became of a run, nor how classes look.

use crate::protocol::EndKind;

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It reached the loss that counts as trained.
    Trained,
    /// It ended without reaching it.
    Untrained(EndKind),
    /// Its settings were refused, so that it never began.
    Refused,
}

impl Outcome {
    /// It took all its steps, but did not train.
    pub const SURVIVED: Self = Self::Untrained(EndKind::Finished);

    /// Its loss blew up.
    pub const DIVERGED: Self = Self::Untrained(EndKind::DIVERGED);

    /// It could not start or go on.
    pub const FAILED: Self = Self::Untrained(EndKind::FAILED);

    /// All that a table tells, from the best to the worst.
    pub const ALL: [Self; 5] =
        [Self::Trained, Self::SURVIVED, Self::DIVERGED, Self::FAILED, Self::Refused];

    /// The word for it.
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

/// What became of most runs of a cell, the worse of equally many; `None` without runs.
#[must_use]
pub fn majority(outcomes: &[Outcome]) -> Option<Outcome> {
    let n = |outcome: &Outcome| outcomes.iter().filter(|other| *other == outcome).count();
    // The last of equals.
    Outcome::ALL.into_iter().filter(|outcome| n(outcome) > 0).max_by_key(n)
}

/// What a layer stands for; each class has a colour of its own and a sign or dashes of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Runs with this end.
    Outcome(Outcome),
    /// The first, second, … method or group of a chart, from 0.
    Series(usize),
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
