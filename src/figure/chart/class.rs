//! What tells points, curves and cells of one chart apart.
//! Does not decide what became of a run, nor how classes look.

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It reached the loss that counts as trained.
    Trained,
    /// It did not diverge, but did not train either.
    Survived,
    /// Its loss blew up.
    Diverged,
    /// Its settings were refused, or it could not go on.
    Refused,
}

impl Outcome {
    /// All of them, from the best to the worst.
    pub const ALL: [Self; 4] = [Self::Trained, Self::Survived, Self::Diverged, Self::Refused];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Trained => "trained",
            Self::Survived => "survived",
            Self::Diverged => "diverged",
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
        use Outcome::{Diverged, Survived, Trained};
        assert_eq!(majority(&[Trained, Diverged, Trained]), Some(Trained));
        assert_eq!(majority(&[Diverged, Trained]), Some(Diverged));
        assert_eq!(majority(&[Trained, Survived, Diverged, Survived]), Some(Survived));
        assert_eq!(majority(&[]), None);
    }
}
