//! Results of trials: short copies of a run with one setting changed, from its current state or
//! from its start.

use serde::{Deserialize, Serialize};

use super::run_end::EndKind;

/// What the trials are to find out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// Which learning rate is best: the run's rate times each factor.
    Rates {
        /// Factors on the rate.
        factors: Vec<f64>,
        /// Steps of each trial.
        n_steps: u64,
    },
    /// How long a warmup must be: none, then doubled until a trial survives.
    Warmup,
}

/// Status of a set of trials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrialsStatus {
    /// Still running.
    Running,
    /// All trials are complete.
    Done,
    /// Ended early by the user.
    Cancelled,
    /// Could not continue; the sentence says why and what to do.
    Failed(String),
}

/// One trial: some steps with one setting changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Peak learning rate η.
    pub rate: f64,
    /// η over the run's η.
    pub factor: f64,
    /// Steps of warmup.
    pub warmup: u64,
    /// Steps planned.
    pub n_steps: u64,
    /// The loss before the first step and after each step; only the last one may not be finite.
    pub losses: Vec<f64>,
    /// Pairs of the steps taken and the curvature over the effective threshold, where it was
    /// measured.
    pub ratios: Vec<[f64; 2]>,
    /// How the trial ended, finished or diverged; `None` while it runs.
    pub end: Option<EndKind>,
}

/// A set of trials, complete or in progress.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trials {
    /// What they are to find out.
    pub question: Question,
    /// The trials started so far, in order.
    pub trials: Vec<Trial>,
    /// Whether they are still running.
    pub status: TrialsStatus,
}

/// The last loss is the mean over the last 1/`TAIL_DIVISOR` of a trial's steps.
const TAIL_DIVISOR: usize = 10;

/// A trial of a warmup has failed if its loss rises above this many times the first one.
const MAX_RISE: f64 = 2.0;

/// Standard errors above which a difference is significant.
const SIGNIFICANCE: f64 = 2.0;

impl Trial {
    /// Steps taken so far.
    #[must_use]
    pub fn n_taken(&self) -> u64 {
        self.losses.len().saturating_sub(1) as u64
    }

    /// Mean loss over the last tenth of the steps, to average out fluctuations; `None` if the trial
    /// did not get there.
    #[must_use]
    pub fn last_loss(&self) -> Option<f64> {
        let last = self.last_losses()?;
        Some(last.iter().sum::<f64>() / last.len() as f64)
    }

    /// The losses of the last tenth of the steps; `None` while running or if diverged.
    fn last_losses(&self) -> Option<&[f64]> {
        if matches!(self.end, None | Some(EndKind::DIVERGED)) {
            return None;
        }
        let n = self.losses.len().div_ceil(TAIL_DIVISOR);
        Some(&self.losses[self.losses.len() - n..]).filter(|last| !last.is_empty())
    }

    /// Whether the last loss exceeds that of another trial by more than twice the standard error of
    /// their stepwise difference, as both use the same batches. True if either has no last loss.
    #[must_use]
    pub fn is_clearly_above(&self, other: &Self) -> bool {
        let Some((own, others)) = self.last_losses().zip(other.last_losses()) else { return true };
        let apart: Vec<f64> = own.iter().zip(others).map(|(a, b)| a - b).collect();
        let n = apart.len() as f64;
        let mean = apart.iter().sum::<f64>() / n;
        let squares: f64 = apart.iter().map(|x| (x - mean) * (x - mean)).sum();
        mean > SIGNIFICANCE * (squares / (n - 1.0).max(1.0) / n).sqrt()
    }

    /// The highest finite loss over the first loss.
    #[must_use]
    pub fn rise(&self) -> Option<f64> {
        let first = self.losses.first().filter(|first| **first > 0.0)?;
        let finite = self.losses.iter().copied().filter(|loss| loss.is_finite());
        Some(finite.fold(*first, f64::max) / first)
    }

    /// Whether a trial of a warmup took all its steps but its loss rose too high on the way.
    #[must_use]
    pub fn has_risen(&self, question: &Question) -> bool {
        *question == Question::Warmup
            && self.end == Some(EndKind::Finished)
            && self.rise().is_some_and(|rise| rise > MAX_RISE)
    }

    /// The ratio before the first step, if it was measured.
    #[must_use]
    pub fn first_ratio(&self) -> Option<f64> {
        self.ratios.first().filter(|[step, _]| *step == 0.0).map(|[_, ratio]| *ratio)
    }
}

impl Trials {
    /// An empty set of trials.
    #[must_use]
    pub fn new(question: Question) -> Self {
        Self { question, trials: Vec::new(), status: TrialsStatus::Running }
    }

    /// Whether no more trials will follow.
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
    fn the_last_loss_is_the_mean_of_the_last_tenth_and_none_if_diverged() {
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
    fn a_rise_is_relative_to_the_first_loss_and_ignores_losses_that_are_not_finite() {
        let diverged = trial(vec![2.0, 1.0, 7.0, f64::INFINITY], Some(EndKind::DIVERGED));
        assert_eq!((diverged.rise(), diverged.n_taken()), (Some(3.5), 3));
        assert_eq!(trial(Vec::new(), None).rise(), None);
    }
}
