//! Learning rate searches from the current iterate, which leave the run unchanged.

use super::error::TrainError;
use super::measure::Hooks;
use super::trainer::{Outcome, Trainer};
use crate::config::{Interval, LiveSettings, Rate, Schedule, Warmup};
use crate::net::Halt;
use crate::optim::rate::{first_rate, range_test};
use crate::sample::{Sample, Search, SearchKind, Stage, Work};

impl Trainer {
    /// Searches from the current state, with its optimizer, clipping and next batch; `None` when
    /// interrupted. Restores the run bit for bit.
    ///
    /// # Errors
    /// The computation fails.
    pub fn search(
        &mut self,
        kind: SearchKind,
        hooks: Hooks<'_>,
    ) -> Result<Option<Search>, TrainError> {
        let before = self.snapshot();
        self.live = LiveSettings {
            rate: Rate::default(),
            schedule: Schedule::default(),
            warmup: Warmup::default(),
            eval_every: Interval::Off,
            ..self.live.clone()
        };
        self.live.probe.every = Interval::Off;
        let found = match kind {
            SearchKind::FirstRate => self.first_rate(hooks),
            SearchKind::RangeTest => self.range_test(hooks),
        };
        self.restore(&before);
        match found {
            Ok(found) => Ok(Some(found)),
            Err(TrainError::Interrupted) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// L(w + ηp) at rates that double, then bisect.
    fn first_rate(&self, hooks: Hooks<'_>) -> Result<Search, TrainError> {
        let batch = self.batch()?;
        let at = self.linearize(&self.params, &batch, hooks)?;
        let clipped = self.clip(&at.wide_gradient()?)?;
        let (proposal, _) = self.propose(&at, clipped, &mut Sample::default(), hooks)?;
        let start_loss = at.score().loss;
        let mut loss_at = |rate| self.loss_along(&at, &proposal.direction, rate, hooks);
        let tried = first_rate::largest_falling(start_loss, &mut loss_at)?;
        let points = tried.points.into_iter().filter(|point| point[1].is_finite()).collect();
        let kind = SearchKind::FirstRate;
        let found = tried.found;
        Ok(Search { kind, start_loss, points, found, suggested: found, steepest: None })
    }

    /// Takes steps at increasing rates until the loss blows up. Uses the loss of the probe set,
    /// which has no mini-batch noise.
    fn range_test(&mut self, hooks: Hooks<'_>) -> Result<Search, TrainError> {
        let start_loss = self.probe_loss(hooks)?;
        let mut points: Vec<[f64; 2]> = Vec::new();
        for rate in (0..range_test::N_STEPS).map(range_test::rate) {
            self.live.peak_lr = rate;
            match self.step(hooks)? {
                Outcome::Stepped(_) => {}
                Outcome::Diverged(_) => break,
                Outcome::Interrupted => return Err(TrainError::Interrupted),
            }
            points.push([rate, self.probe_loss(hooks)?]);
            (hooks.tell)(Work {
                stage: Stage::Search,
                n_done: u32::try_from(points.len()).unwrap_or(0),
            });
            if range_test::is_over(&points) {
                break;
            }
        }
        points.retain(|point| point[1].is_finite());
        let is_exact = self.is_full_batch();
        let noise_factor =
            if is_exact { range_test::WITHOUT_NOISE } else { range_test::NOISE_FACTOR };
        let reading = range_test::read(&points, noise_factor);
        Ok(Search {
            kind: SearchKind::RangeTest,
            start_loss,
            points,
            found: reading.falling,
            suggested: reading.suggested,
            steepest: reading.steepest,
        })
    }

    /// Loss of the probe set at the current parameters.
    fn probe_loss(&self, hooks: Hooks<'_>) -> Result<f64, Halt> {
        let score = self.objective.score_in_training(
            &self.params,
            &self.buffers,
            &self.examples.probe,
            hooks.is_interrupted,
        )?;
        Ok(score.loss)
    }
}
