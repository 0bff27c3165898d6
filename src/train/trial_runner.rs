//! Trials: copies of a run that continue with one setting changed, all advanced in turn by single
//! steps. The run itself is not affected.

use super::error::TrainError;
use super::measure::Hooks;
use super::trainer::{Outcome, Trainer};
use crate::config::Interval;
use crate::sample::{EndKind, Question, Sample, Trial, Trials, TrialsStatus};

/// Least number of steps between measurements of the curvature: enough points for a curve, while
/// most of the time is spent on steps.
const MEASURE_EVERY: u64 = 4;

/// Steps at the peak rate in a trial of a warmup.
pub const HELD_STEPS: u64 = 64;

/// Trials in progress.
#[derive(Debug)]
pub struct TrialRunner {
    /// The run in the state where the trials start.
    base: Trainer,
    results: Trials,
    /// Unfinished trials, each with its index.
    running: Vec<(usize, Trainer)>,
}

impl TrialRunner {
    /// Trials that start from the state of `base`.
    #[must_use]
    pub fn new(mut base: Trainer, question: Question) -> Self {
        base.live.eval_every = Interval::Off;
        let probe = &mut base.live.probe;
        let every = match (probe.every, &question) {
            (Interval::Off, Question::Rates { .. }) => Interval::Off,
            (Interval::Off, Question::Warmup) => Interval::every(MEASURE_EVERY),
            (Interval::Every(n), _) => Interval::every(n.get().max(MEASURE_EVERY)),
        };
        probe.every = every;
        probe.top_k = 1;
        (probe.min_every, probe.audit_every) = (Interval::Off, Interval::Off);
        probe.batches_every = Interval::Off;
        Self { base, results: Trials::new(question), running: Vec::new() }
    }

    /// The results so far.
    #[must_use]
    pub fn results(&self) -> &Trials {
        &self.results
    }

    /// Ends all trials with this final state, unless they have ended already.
    pub fn end(&mut self, status: TrialsStatus) {
        if !self.results.is_over() {
            self.results.status = status;
        }
        self.running.clear();
    }

    /// Takes one step of the trial with the fewest steps; does nothing if all have ended, or when
    /// interrupted.
    ///
    /// # Errors
    /// The computation fails.
    pub fn advance(&mut self, hooks: Hooks<'_>) -> Result<(), TrainError> {
        if self.results.is_over() || !self.base.prepare_fully(hooks)? {
            return Ok(());
        }
        if self.running.is_empty() {
            self.begin_next();
        }
        let trials = &mut self.results.trials;
        let behind = self.running.iter_mut().min_by_key(|(at, _)| trials[*at].losses.len());
        let Some((at, trainer)) = behind else {
            self.results.status = TrialsStatus::Done;
            return Ok(());
        };
        let at = *at;
        step(trainer, &mut trials[at], hooks)?;
        if trials[at].end.is_some() {
            self.running.retain(|(running, _)| *running != at);
        }
        Ok(())
    }

    /// Starts the trials that the results so far call for; none if the question is answered.
    fn begin_next(&mut self) {
        match self.results.question.clone() {
            Question::Rates { factors, n_steps } if self.results.trials.is_empty() => {
                for factor in factors {
                    self.begin(factor, self.base.live.warmup.steps, n_steps);
                }
            }
            Question::Rates { .. } => {}
            Question::Warmup => {
                let n_steps = self.base.config.n_steps;
                if let Some(warmup) = next_warmup(&self.results.trials, n_steps) {
                    self.begin(1.0, warmup, warmup.saturating_add(HELD_STEPS).min(n_steps));
                }
            }
        }
    }

    fn begin(&mut self, factor: f64, warmup: u64, n_steps: u64) {
        let mut trainer = self.base.clone();
        trainer.live.peak_lr *= factor;
        trainer.live.warmup.steps = warmup;
        let rate = trainer.live.peak_lr;
        let (losses, ratios) = (Vec::new(), Vec::new());
        self.running.push((self.results.trials.len(), trainer));
        self.results.trials.push(Trial {
            rate,
            factor,
            warmup,
            n_steps,
            losses,
            ratios,
            end: None,
        });
    }
}

/// The warmup to try next: first none; then λ₁(0) divided by its limit in steps, rounded up to a
/// power of two; then twice the last. `None` after one that survived, or that lasted the whole run.
fn next_warmup(trials: &[Trial], n_steps: u64) -> Option<u64> {
    let Some(last) = trials.last() else { return Some(0) };
    if survives(last) || last.warmup >= n_steps {
        return None;
    }
    let next = if last.warmup == 0 {
        let ratio = trials[0].first_ratio().filter(|ratio| ratio.is_finite()).unwrap_or(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and the steps of a run"
        )]
        let least = ratio.ceil().clamp(1.0, n_steps as f64) as u64;
        least.next_power_of_two()
    } else {
        last.warmup.saturating_mul(2)
    };
    Some(next.min(n_steps))
}

/// Whether this trial's warmup was long enough.
fn survives(trial: &Trial) -> bool {
    trial.end == Some(EndKind::Finished) && !trial.has_risen(&Question::Warmup)
}

/// One step of a trial, with the scheduled changes of its run; nothing when interrupted.
fn step(trainer: &mut Trainer, trial: &mut Trial, hooks: Hooks<'_>) -> Result<(), TrainError> {
    trainer.apply_dated_changes()?;
    match trainer.step(hooks)? {
        Outcome::Interrupted => {}
        Outcome::Diverged(record) => {
            note(trial, &record.sample);
            trial.end = Some(EndKind::DIVERGED);
        }
        Outcome::Stepped(record) => {
            note(trial, &record.sample);
            if trial.n_taken() >= trial.n_steps {
                trial.end = Some(EndKind::Finished);
            }
        }
    }
    Ok(())
}

fn note(trial: &mut Trial, sample: &Sample) {
    let curvature = sample.curvature.as_ref().and_then(crate::sample::Curvature::governing);
    if let (Some(curvature), Some(threshold)) = (curvature, sample.effective_threshold) {
        trial.ratios.push([trial.losses.len() as f64, curvature / threshold]);
    }
    trial.losses.push(sample.loss);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The result of a trial: last loss and kind of end.
    #[derive(Clone, Copy)]
    struct Finish {
        last_loss: f64,
        end: EndKind,
    }

    fn ended(warmup: u64, first_ratio: f64, finish: Finish) -> Trial {
        let Finish { last_loss, end } = finish;
        let (rate, factor, n_steps, losses) = (0.2, 1.0, 1, vec![1.0, last_loss]);
        Trial {
            rate,
            factor,
            warmup,
            n_steps,
            losses,
            ratios: vec![[0.0, first_ratio]],
            end: Some(end),
        }
    }

    #[test]
    fn warmup_starts_with_none_continues_at_the_ratio_and_doubles_until_one_survives() {
        let survived = Finish { last_loss: 1.0, end: EndKind::Finished };
        let rose = Finish { last_loss: 3.0, ..survived };
        let diverged = Finish { end: EndKind::DIVERGED, ..survived };
        assert_eq!(next_warmup(&[], 500), Some(0));
        let mut trials = vec![ended(0, 23.0, diverged)];
        for wanted in [32, 64, 128, 256, 500] {
            assert_eq!(next_warmup(&trials, 500), Some(wanted));
            trials.push(ended(wanted, 0.1, rose));
        }
        assert_eq!(next_warmup(&trials, 500), None, "the whole run is warmup already");
        assert_eq!(next_warmup(&[ended(0, 0.4, survived)], 500), None);
        assert_eq!(next_warmup(&[ended(0, 0.4, diverged)], 500), Some(1));
        assert_eq!(next_warmup(&[ended(0, f64::NAN, diverged)], 500), Some(1));
        assert_eq!(next_warmup(&[ended(0, 1e300, diverged)], 500), Some(500));
    }
}
