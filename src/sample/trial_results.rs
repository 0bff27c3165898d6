//! What trials of some steps each came to: tried beside a run, from where it stands or from its
//! start. Plain numbers; does not know who tried.

use serde::{Deserialize, Serialize};

use super::run_end::EndKind;

/// What is tried, and what for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// The learning rate times each of these, for so many steps.
    Rates {
        /// Factors on the rate.
        factors: Vec<f64>,
        /// Steps of each trial.
        n_steps: u64,
    },
    /// The length of warmup: none, then doubled until a trial survives.
    Warmup,
}

/// How far trials are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrialsStatus {
    /// More is to come.
    Running,
    /// All is there.
    Done,
    /// Somebody ended them.
    Cancelled,
    /// They could not go on; the sentence says why and what to do.
    Failed(String),
}

/// Steps with one setting changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Peak learning rate η.
    pub rate: f64,
    /// η over that of the run.
    pub factor: f64,
    /// Steps of warmup.
    pub warmup: u64,
    /// Steps that it shall take.
    pub n_steps: u64,
    /// The loss before its first step, after one step, and so on; not finite at most at the end.
    pub losses: Vec<f64>,
    /// Steps taken, with the curvature over the limit that binds there, where it was measured.
    pub ratios: Vec<[f64; 2]>,
    /// How it ended, finished or diverged; `None` while it goes on.
    pub end: Option<EndKind>,
}

/// Trials side by side or one after another, as far as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trials {
    /// What is tried.
    pub question: Question,
    /// The trials so far, in the order in which they began.
    pub trials: Vec<Trial>,
    /// Whether more follow.
    pub status: TrialsStatus,
}

/// The part of a trial at its end that its last loss is a mean of.
const LAST_PART: usize = 10;

/// A loss this many times the first one is one that a warmup should have kept away from.
const ROSE: f64 = 2.0;

/// Standard errors by which a difference is told from noise.
const CLEAR: f64 = 2.0;

impl Trial {
    /// Steps taken so far.
    #[must_use]
    pub fn n_taken(&self) -> u64 {
        self.losses.len().saturating_sub(1) as u64
    }

    /// Mean loss over the last tenth, against the ups and downs of single steps; `None` of a trial
    /// that did not get there.
    #[must_use]
    pub fn last_loss(&self) -> Option<f64> {
        let last = self.last_losses()?;
        Some(last.iter().sum::<f64>() / last.len() as f64)
    }

    /// The losses of the last tenth; `None` of a trial that did not get there.
    fn last_losses(&self) -> Option<&[f64]> {
        if matches!(self.end, None | Some(EndKind::DIVERGED)) {
            return None;
        }
        let n = self.losses.len().div_ceil(LAST_PART);
        Some(&self.losses[self.losses.len() - n..]).filter(|last| !last.is_empty())
    }

    /// Whether its last loss is above that of another trial by more than twice the standard error of
    /// their difference, step by step: both see the same batches. True where one did not get there.
    #[must_use]
    pub fn is_clearly_above(&self, other: &Self) -> bool {
        let Some((own, others)) = self.last_losses().zip(other.last_losses()) else { return true };
        let apart: Vec<f64> = own.iter().zip(others).map(|(a, b)| a - b).collect();
        let n = apart.len() as f64;
        let mean = apart.iter().sum::<f64>() / n;
        let squares: f64 = apart.iter().map(|x| (x - mean) * (x - mean)).sum();
        mean > CLEAR * (squares / (n - 1.0).max(1.0) / n).sqrt()
    }

    /// The highest finite loss over the first.
    #[must_use]
    pub fn rise(&self) -> Option<f64> {
        let first = self.losses.first().filter(|first| **first > 0.0)?;
        let finite = self.losses.iter().copied().filter(|loss| loss.is_finite());
        Some(finite.fold(*first, f64::max) / first)
    }

    /// Whether it took all of its steps, but with a loss on the way from which the warmup that is
    /// asked for should have kept it.
    #[must_use]
    pub fn has_risen(&self, question: &Question) -> bool {
        *question == Question::Warmup
            && self.end == Some(EndKind::Finished)
            && self.rise().is_some_and(|rise| rise > ROSE)
    }

    /// The ratio where it began, if it was measured there.
    #[must_use]
    pub fn first_ratio(&self) -> Option<f64> {
        self.ratios.first().filter(|[step, _]| *step == 0.0).map(|[_, ratio]| *ratio)
    }
}

impl Trials {
    /// None yet.
    #[must_use]
    pub fn new(question: Question) -> Self {
        Self { question, trials: Vec::new(), status: TrialsStatus::Running }
    }

    /// Whether nothing more follows.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.status != TrialsStatus::Running
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(losses: Vec<f64>, end: Option<EndKind>) -> Trial {
        let (rate, factor, warmup, n_steps) = (0.1, 1.0, 0, 20);
        Trial { rate, factor, warmup, n_steps, losses, ratios: Vec::new(), end }
    }

    #[test]
    fn a_loss_is_clearly_above_another_where_the_difference_exceeds_its_noise() {
        let at = |level: f64, swing: f64| {
            let noisy = |i: u8| level + swing * (f64::from(i % 3) - 1.0);
            trial((0..=200).map(noisy).collect(), Some(EndKind::Finished))
        };
        assert!(at(0.25, 0.0).is_clearly_above(&at(0.24, 0.0)));
        assert!(!at(0.25, 0.1).is_clearly_above(&at(0.24, 0.0)), "noise of one of them");
        assert!(at(0.25, 0.1).is_clearly_above(&at(0.24, 0.1)), "noise that they share");
        assert!(!at(0.24, 0.0).is_clearly_above(&at(0.25, 0.0)));
        let gone = trial(vec![1.0, 2.0], Some(EndKind::DIVERGED));
        assert!(gone.is_clearly_above(&at(0.25, 0.0)));
    }

    #[test]
    fn the_last_loss_is_that_of_the_last_tenth_and_none_of_what_did_not_get_there() {
        let losses: Vec<f64> = (0..=20).map(f64::from).collect();
        assert_eq!(trial(losses.clone(), Some(EndKind::Finished)).last_loss(), Some(19.0));
        assert_eq!(trial(losses.clone(), Some(EndKind::Finished)).last_loss(), Some(19.0));
        assert_eq!(trial(losses.clone(), Some(EndKind::DIVERGED)).last_loss(), None);
        assert_eq!(trial(losses, None).last_loss(), None);
    }

    #[test]
    fn a_loss_above_twice_the_first_counts_as_risen_where_a_warmup_is_sought() {
        let rates = Question::Rates { factors: Vec::new(), n_steps: 2 };
        let cases = [
            (2.1, Some(EndKind::Finished), Question::Warmup, true),
            (2.0, Some(EndKind::Finished), Question::Warmup, false),
            (2.1, Some(EndKind::Finished), rates, false),
            (2.1, Some(EndKind::DIVERGED), Question::Warmup, false),
            (2.1, None, Question::Warmup, false),
        ];
        for (highest, end, question, wanted) in cases {
            let found = trial(vec![1.0, highest, 0.5], end).has_risen(&question);
            assert_eq!(found, wanted, "{highest} {end:?} {question:?}");
        }
    }

    #[test]
    fn a_rise_is_over_the_first_loss_and_passes_over_what_is_not_finite() {
        let diverged = trial(vec![2.0, 1.0, 7.0, f64::INFINITY], Some(EndKind::DIVERGED));
        assert_eq!((diverged.rise(), diverged.n_taken()), (Some(3.5), 3));
        assert_eq!(trial(Vec::new(), None).rise(), None);
    }
}
