//! Results of trials as sentences, and the setting to apply. Suggests only values that were tried.

use crate::protocol::{EndKind, Question, Trial, Trials, TrialsStatus};
use crate::text;

/// Losses up to this multiple of the lowest count as equal to it.
const EVEN: f64 = 1.01;

/// The conclusion from trials, with its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// The conclusion in one sentence.
    pub sentence: String,
    /// The setting to change; `None` if it should stay or no better value was found.
    pub setting: Option<Suggestion>,
}

/// A new value for a setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Suggestion {
    /// A learning rate.
    Rate(f64),
    /// Steps of warmup, from the first step of a run.
    Warmup(u64),
}

/// The name of a trial: the setting it changes, and the value.
#[must_use]
pub fn trial_name(question: &Question, trial: &Trial) -> String {
    match question {
        Question::Rates { .. } => {
            format!("η × {} = {}", factor(trial.factor), text::number(trial.rate))
        }
        Question::Warmup if trial.warmup == 0 => "no warmup".to_owned(),
        Question::Warmup => format!("warmup {}", trial.warmup),
    }
}

/// A factor, as a fraction sign if there is one: ½, 3.
#[must_use]
pub fn factor(factor: f64) -> String {
    let fractions = [(0.5, "½"), (0.25, "¼"), (0.125, "⅛")];
    let found = fractions.iter().find(|(value, _)| *value == factor);
    found.map_or_else(|| text::number(factor), |(_, sign)| (*sign).to_owned())
}

/// The progress or outcome of a trial.
#[must_use]
pub fn trial_outcome(question: &Question, trial: &Trial) -> String {
    let steps = text::plural(trial.n_taken(), "step");
    match trial.end {
        None => format!("step {} of {}", trial.n_taken(), trial.n_steps),
        Some(EndKind::DIVERGED) => format!("diverges after {steps}"),
        Some(_) if trial.has_risen(question) => {
            format!("loss rises {}-fold", three_digits(trial.rise().unwrap_or(1.0)))
        }
        Some(_) => format!("survives {steps}"),
    }
}

/// The conclusion from trials that branched from their run before `step`; `None` while they run.
#[must_use]
pub fn advice(step: u64, trials: &Trials) -> Option<Advice> {
    let only = |sentence: &str| Some(Advice { sentence: sentence.to_owned(), setting: None });
    match (&trials.status, &trials.question) {
        (TrialsStatus::Running, _) => None,
        (TrialsStatus::Failed(message), _) => only(message),
        (TrialsStatus::Cancelled, _) => {
            only("No conclusion: the trials were stopped before all had taken their steps.")
        }
        (TrialsStatus::Done, Question::Rates { n_steps, .. }) => {
            Some(of_rates(trials, step, *n_steps))
        }
        (TrialsStatus::Done, Question::Warmup) => Some(of_warmup(&trials.trials)),
    }
}

fn of_rates(all: &Trials, step: u64, n_steps: u64) -> Advice {
    let Trials { question, trials, .. } = all;
    let loss = |trial: &&Trial| trial.last_loss().unwrap_or(f64::INFINITY);
    let survivors = trials.iter().filter(|trial| loss(trial).is_finite());
    let best = survivors.min_by(|a, b| loss(a).total_cmp(&loss(b)));
    let horizon = format!("{} from step {step}", text::plural(n_steps, "step"));
    let Some(best) = best else {
        let sentence = format!(
            "No rate that was tried survives {horizon}: try smaller ones, or look for a warmup."
        );
        return Advice { sentence, setting: None };
    };
    // The smallest rate that diverged is the most informative.
    let diverged = trials.iter().filter(|trial| trial.end == Some(EndKind::DIVERGED));
    let diverged =
        diverged.min_by(|a, b| a.rate.total_cmp(&b.rate)).map_or_else(String::new, |trial| {
            format!("; η = {} {}", text::number(trial.rate), trial_outcome(question, trial))
        });
    let current = trials.iter().find(|trial| trial.factor == 1.0);
    let is_even =
        |current: &&Trial| loss(current) <= EVEN * loss(&best) || !current.is_clearly_above(best);
    if let Some(current) = current.filter(is_even) {
        let sentence = format!(
            "Keep η = {}: over {horizon} no rate that was tried reaches a clearly lower loss ({}){diverged}.",
            text::number(current.rate),
            three_digits(loss(&current))
        );
        return Advice { sentence, setting: None };
    }
    let against = match current.filter(|current| loss(current).is_finite()) {
        Some(current) => {
            format!(" against {} at {}", three_digits(loss(&current)), text::number(current.rate))
        }
        None => String::new(),
    };
    let is_largest = trials.iter().all(|trial| trial.rate <= best.rate);
    let larger = if is_largest { "; larger ones were not tried" } else { "" };
    let sentence = format!(
        "η = {}: the lowest loss of the rates tried over {horizon}, {} in the last tenth{against}\
         {diverged}{larger}.",
        text::number(best.rate),
        three_digits(loss(&best))
    );
    Advice { sentence, setting: Some(Suggestion::Rate(best.rate)) }
}

fn of_warmup(trials: &[Trial]) -> Advice {
    let Some((without, last)) = trials.first().zip(trials.last()) else {
        let sentence = "The run has no steps to warm up in.".to_owned();
        return Advice { sentence, setting: None };
    };
    let start = match without.first_ratio() {
        Some(ratio) => format!("the run starts at {} × its stability limit", three_digits(ratio)),
        None => "the run has no stability limit to start from".to_owned(),
    };
    let is_saved = last.end == Some(EndKind::Finished) && !last.has_risen(&Question::Warmup);
    if is_saved && last.warmup == 0 {
        let below = without.first_ratio().is_some_and(|ratio| ratio <= 1.0);
        let joint = if below { "and" } else { "but" };
        let sentence =
            format!("No warmup is needed: {start}, {joint} {}.", without_warmup(without));
        return Advice { sentence, setting: None };
    }
    // The trial before the surviving one is the longest warmup that fails.
    let before = trials.iter().rev().nth(1).unwrap_or(without);
    if is_saved {
        let shorter = match before.warmup {
            0 => without_warmup(before),
            n => format!("with {n} {}", outcome_clause(before)),
        };
        let sentence = format!(
            "{}: {start}; with {} it survives, {shorter}.",
            warmup_of(last.warmup),
            last.warmup
        );
        return Advice { sentence, setting: Some(Suggestion::Warmup(last.warmup)) };
    }
    let sentence = format!(
        "No warmup that was tried survives, up to {}: {start}; with {} {}. Lower the rate.",
        text::plural(last.warmup, "step"),
        last.warmup,
        outcome_clause(last)
    );
    Advice { sentence, setting: None }
}

/// The label of the button that applies a suggestion.
#[must_use]
pub fn suggestion_name(suggestion: Suggestion) -> String {
    match suggestion {
        Suggestion::Rate(rate) => format!("Apply η = {}", text::number(rate)),
        Suggestion::Warmup(steps) => format!("Apply warmup {steps}"),
    }
}

fn warmup_of(steps: u64) -> String {
    format!("A warmup of {}", text::plural(steps, "step"))
}

/// The outcome with a warmup, as the end of a sentence.
fn outcome_clause(trial: &Trial) -> String {
    let subject = if trial.has_risen(&Question::Warmup) { "its" } else { "it" };
    format!("{subject} {}", trial_outcome(&Question::Warmup, trial))
}

fn without_warmup(trial: &Trial) -> String {
    format!("without any {}", outcome_clause(trial))
}

fn three_digits(x: f64) -> String {
    text::number(text::rounded(x, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(factor: f64, loss: f64, end: EndKind) -> Trial {
        let (rate, losses) = (0.1 * factor, vec![1.0, loss]);
        Trial { rate, factor, warmup: 0, n_steps: 1, losses, ratios: Vec::new(), end: Some(end) }
    }

    fn rates(trials: Vec<Trial>) -> Advice {
        let question = Question::Rates { factors: Vec::new(), n_steps: 200 };
        advice(612, &Trials { question, trials, status: TrialsStatus::Done }).unwrap()
    }

    fn warmup(trials: &[(u64, f64, EndKind)]) -> Advice {
        let of = |(warmup, loss, end): &(u64, f64, EndKind)| Trial {
            warmup: *warmup,
            ratios: vec![[0.0, if *warmup == 0 { 23.04 } else { 0.1 }]],
            ..trial(1.0, *loss, *end)
        };
        let trials = trials.iter().map(of).collect();
        advice(0, &Trials { question: Question::Warmup, trials, status: TrialsStatus::Done })
            .unwrap()
    }

    #[test]
    fn the_rate_with_the_lowest_loss_is_recommended_against_the_present_one() {
        let found = rates(vec![
            trial(0.5, 0.5, EndKind::Finished),
            trial(1.0, 0.3, EndKind::Finished),
            trial(2.0, 0.2, EndKind::Finished),
            trial(4.0, f64::INFINITY, EndKind::DIVERGED),
        ]);
        let wanted = "η = 0.2: the lowest loss of the rates tried over 200 steps from step 612, 0.2 \
                      in the last tenth against 0.3 at 0.1; η = 0.4 diverges after 1 step.";
        assert_eq!(found.sentence, wanted);
        assert_eq!(found.setting, Some(Suggestion::Rate(0.2)));
    }

    #[test]
    fn the_present_rate_stays_where_no_other_is_better_by_more_than_a_hundredth() {
        let found =
            rates(vec![trial(1.0, 0.3, EndKind::Finished), trial(2.0, 0.299, EndKind::Finished)]);
        assert!(found.sentence.starts_with("Keep η = 0.1"), "{}", found.sentence);
        assert_eq!(found.setting, None);
        let found =
            rates(vec![trial(1.0, 9.0, EndKind::DIVERGED), trial(2.0, 9.0, EndKind::DIVERGED)]);
        assert!(found.sentence.starts_with("No rate that was tried survives 200 steps"));
        assert_eq!(found.setting, None);
    }

    #[test]
    fn a_current_rate_that_diverges_is_reported_and_replaced() {
        let found =
            rates(vec![trial(0.5, 0.5, EndKind::Finished), trial(1.0, 0.1, EndKind::DIVERGED)]);
        assert_eq!(found.setting, Some(Suggestion::Rate(0.05)));
        assert!(
            found.sentence.ends_with("0.5 in the last tenth; η = 0.1 diverges after 1 step."),
            "{}",
            found.sentence
        );
    }

    #[test]
    fn a_warmup_is_suggested_with_the_longest_that_fails() {
        let bare = (0, f64::NAN, EndKind::DIVERGED);
        let found =
            warmup(&[bare, (32, f64::NAN, EndKind::DIVERGED), (64, 0.5, EndKind::Finished)]);
        let wanted = "A warmup of 64 steps: the run starts at 23 × its stability limit; with 64 it \
                      survives 1 step, with 32 it diverges after 1 step.";
        assert_eq!(found.sentence, wanted.replace(" survives 1 step", " survives"));
        assert_eq!(found.setting, Some(Suggestion::Warmup(64)));
        let found = warmup(&[bare, (32, 0.5, EndKind::Finished)]);
        assert!(
            found.sentence.ends_with("without any it diverges after 1 step."),
            "{}",
            found.sentence
        );
        let found = warmup(&[bare, (32, 3.0, EndKind::Finished), (64, 0.5, EndKind::Finished)]);
        assert!(found.sentence.ends_with("with 32 its loss rises 3-fold."), "{}", found.sentence);
    }

    #[test]
    fn no_warmup_is_suggested_where_none_is_needed_or_none_helps() {
        let found = warmup(&[(0, 0.5, EndKind::Finished)]);
        let wanted = "No warmup is needed: the run starts at 23 × its stability limit, but without \
                      any it survives 1 step.";
        assert_eq!((found.sentence.as_str(), found.setting), (wanted, None));
        let found = warmup(&[(0, 9.0, EndKind::DIVERGED), (100, 9.0, EndKind::DIVERGED)]);
        assert!(found.sentence.ends_with("with 100 it diverges after 1 step. Lower the rate."));
        assert_eq!(found.setting, None);
    }

    #[test]
    fn running_trials_give_no_advice_and_a_failure_is_its_own_sentence() {
        let mut trials = Trials::new(Question::Warmup);
        assert_eq!(advice(0, &trials), None);
        trials.status = TrialsStatus::Failed("memory ran out; ask for less".to_owned());
        assert_eq!(advice(0, &trials).unwrap().sentence, "memory ran out; ask for less");
    }

    #[test]
    fn trials_are_named_by_what_they_change() {
        let question = Question::Rates { factors: Vec::new(), n_steps: 1 };
        let named = |factor| trial_name(&question, &trial(factor, 1.0, EndKind::Finished));
        assert_eq!(named(0.5), "η × ½ = 0.05");
        assert_eq!(named(2.0), "η × 2 = 0.2");
        let warmed = Trial { warmup: 64, ..trial(1.0, 1.0, EndKind::Finished) };
        assert_eq!(trial_name(&Question::Warmup, &warmed), "warmup 64");
    }
}
