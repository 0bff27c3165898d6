//! The learning rates that several tools name for one run: what each means, and the one to take.

use crate::history::Dated;
use crate::protocol::{EndKind, Question, Trials, TrialsStatus};
use crate::text;

use super::trial_advice::{Suggestion, advice};

/// Factor on the largest stable rate where nothing was tried: the curvature of a stable run rises.
const MARGIN: f64 = 0.8;

/// A tool that names a learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateTool {
    /// The stability limit, at the curvature last measured.
    Limit,
    /// The largest rate at which one step lowers the loss.
    OneStep,
    /// Steps at rising rates.
    RangeTest,
    /// Copies of the run at several rates.
    Trials,
}

impl RateTool {
    /// All tools, by how far they look ahead.
    pub const ALL: [Self; 4] = [Self::Limit, Self::OneStep, Self::RangeTest, Self::Trials];

    /// What its rate is, in a few words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Limit => "Limit",
            Self::OneStep => "One step",
            Self::RangeTest => "Range test",
            Self::Trials => "Trials",
        }
    }

    /// What its rate means, and why it differs from the others.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Limit => {
                "the largest stable rate: many steps above it overshoot, at the curvature of this step"
            }
            Self::OneStep => {
                "the largest rate whose next step lowers the loss: it counts the curvature along one \
                 step, not the largest, and nothing after that step"
            }
            Self::RangeTest => {
                "a tenth of the rate up to which the loss falls over steps at rising rates: the tenth \
                 is a margin that the other tools do not have"
            }
            Self::Trials => {
                "the lowest loss of copies of the run at several rates: the only one that looks \
                 hundreds of steps ahead, where the curvature has followed the rate"
            }
        }
    }
}

/// The rates that are known of a run, each with its step.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownRates {
    /// The largest stable rate now, or why there is none.
    pub limit: Result<Dated, String>,
    /// The result of the last search over one step.
    pub one_step: Option<Dated>,
    /// The suggestion of the last range test.
    pub range_test: Option<Dated>,
    /// What the last trials of rates found.
    pub trials: Option<TriedRates>,
}

/// What trials of rates found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TriedRates {
    /// The rate they keep; `None` if no trial survived.
    pub kept: Option<f64>,
    /// The smallest rate at which a trial diverged.
    pub diverged: Option<f64>,
    /// The step that they start from.
    pub step: u64,
}

impl TriedRates {
    /// What trials that branched from their run before `step` found; `None` while they run, and for
    /// trials of something else.
    #[must_use]
    pub fn of(step: u64, trials: &Trials) -> Option<Self> {
        if trials.status != TrialsStatus::Done || trials.question == Question::Warmup {
            return None;
        }
        let present = trials.trials.iter().find(|trial| trial.factor == 1.0);
        let survives = present.filter(|trial| trial.last_loss().is_some_and(f64::is_finite));
        let kept = match advice(step, trials)?.setting {
            Some(Suggestion::Rate(rate)) => Some(rate),
            Some(Suggestion::Warmup(_)) | None => survives.map(|trial| trial.rate),
        };
        let diverged = trials.trials.iter().filter(|trial| trial.end == Some(EndKind::DIVERGED));
        let diverged = diverged.map(|trial| trial.rate).min_by(f64::total_cmp);
        Some(Self { kept, diverged, step })
    }
}

/// The rate to take, with its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct RateAdvice {
    /// The rate; `None` if no tool supports one.
    pub rate: Option<f64>,
    /// The advice with its reason in a sentence.
    pub sentence: String,
}

impl KnownRates {
    /// The rate that a tool names.
    #[must_use]
    pub fn of(&self, tool: RateTool) -> Option<Dated> {
        match tool {
            RateTool::Limit => self.limit.as_ref().ok().copied(),
            RateTool::OneStep => self.one_step,
            RateTool::RangeTest => self.range_test,
            RateTool::Trials => self
                .trials
                .and_then(|tried| tried.kept.map(|value| Dated { value, step: tried.step })),
        }
    }

    /// The rate that trials kept; else [`MARGIN`] times the largest stable one, unless a smaller one
    /// diverged; else none.
    #[must_use]
    pub fn advice(&self) -> RateAdvice {
        if let Some(Dated { value, step }) = self.of(RateTool::Trials) {
            let sentence = format!(
                "Take η = {}: the rate that the trials from step {step} kept, and the only one here \
                 that was trained with.",
                text::number(value)
            );
            return RateAdvice { rate: Some(value), sentence };
        }
        let none =
            |why: &str| RateAdvice { rate: None, sentence: format!("No suggestion: {why}.") };
        let limit = match &self.limit {
            Ok(limit) => limit,
            Err(why) => return none(&format!("{why}, and no rate was tried")),
        };
        let rate = text::rounded(MARGIN * limit.value, 2);
        let diverged = self.trials.and_then(|tried| tried.diverged);
        if let Some(diverged) = diverged.filter(|diverged| *diverged <= rate) {
            let diverged = text::number(diverged);
            return none(&format!("a trial at η = {diverged}, which is below the limit, diverged"));
        }
        let sentence = format!(
            "Take η = {}: {MARGIN} × the largest stable rate {} at step {}, as the curvature of a \
             stable run rises; trying rates looks further ahead.",
            text::number(rate),
            text::number(text::rounded(limit.value, 3)),
            limit.step
        );
        RateAdvice { rate: Some(rate), sentence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Trial;

    fn known() -> KnownRates {
        let dated = |value| Some(Dated { value, step: 40 });
        KnownRates {
            limit: Ok(Dated { value: 0.15, step: 40 }),
            one_step: dated(0.479),
            range_test: dated(0.05),
            trials: Some(TriedRates { kept: Some(0.4), diverged: Some(0.8), step: 40 }),
        }
    }

    #[test]
    fn the_rate_that_trials_kept_is_taken_before_all_others() {
        let advice = known().advice();
        assert_eq!(advice.rate, Some(0.4));
        assert!(advice.sentence.starts_with("Take η = 0.4: the rate that the trials from step 40"));
    }

    #[test]
    fn without_trials_it_is_four_fifths_of_the_largest_stable_one() {
        let untried = KnownRates { trials: None, ..known() };
        let advice = untried.advice();
        assert_eq!(advice.rate, Some(0.12));
        assert!(advice.sentence.contains("0.8 × the largest stable rate 0.15 at step 40"));
    }

    #[test]
    fn where_the_law_does_not_hold_and_nothing_was_tried_there_is_none() {
        let limit = Err("it does not hold for mini-batches".to_owned());
        let advice = KnownRates { trials: None, limit, ..known() }.advice();
        assert_eq!(advice.rate, None);
        let wanted = "No suggestion: it does not hold for mini-batches, and no rate was tried.";
        assert_eq!(advice.sentence, wanted);
        let diverged = Some(TriedRates { kept: None, diverged: Some(0.1), step: 40 });
        let advice = KnownRates { trials: diverged, ..known() }.advice();
        assert_eq!(advice.rate, None);
        assert!(advice.sentence.contains("a trial at η = 0.1, which is below"));
    }

    #[test]
    fn trials_keep_the_best_rate_or_the_present_one_and_none_that_diverged() {
        let trial = |factor: f64, loss: f64, end| Trial {
            rate: 0.1 * factor,
            factor,
            warmup: 0,
            n_steps: 1,
            losses: vec![1.0, loss],
            ratios: Vec::new(),
            end: Some(end),
        };
        let tried = |trials: Vec<Trial>, status| {
            let question = Question::Rates { factors: Vec::new(), n_steps: 1 };
            TriedRates::of(7, &Trials { question, trials, status })
        };
        let blown = trial(2.0, f64::INFINITY, EndKind::DIVERGED);
        for (half, one, kept) in [(0.2, 0.5, Some(0.05)), (0.5, 0.5, Some(0.1))] {
            let ended = |factor, loss| trial(factor, loss, EndKind::Finished);
            let trials = vec![ended(0.5, half), ended(1.0, one), blown.clone()];
            let found = tried(trials.clone(), TrialsStatus::Done);
            assert_eq!(found, Some(TriedRates { kept, diverged: Some(0.2), step: 7 }));
            assert_eq!(tried(trials, TrialsStatus::Running), None);
        }
        let found = tried(vec![blown], TrialsStatus::Done).unwrap();
        assert_eq!((found.kept, found.diverged), (None, Some(0.2)));
    }
}
