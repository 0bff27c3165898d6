//! Searches for a learning rate on the present iterate; afterwards everything is as before.
//! Does not decide which rate is used.

use super::error::TrainError;
use super::measure::{Hooks, Stopped};
use super::trainer::{Outcome, Trainer};
use crate::config::{Interval, LiveSettings, Rate, Schedule, Warmup};
use crate::optim::rate::{find, range};
use crate::sample::{Sample, Search, SearchKind};

impl Trainer {
    /// Searches from where the run stands, with its optimizer, clipping and next batch; `None` when
    /// interrupted. The run itself is unchanged, bit for bit.
    ///
    /// # Errors
    /// When the engine cannot compute.
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
            SearchKind::FirstRate => match self.first_rate(hooks) {
                Ok(found) => Ok(Some(found)),
                Err(Stopped::Interrupted) => Ok(None),
                Err(Stopped::Engine(error)) => Err(error.into()),
            },
            SearchKind::RangeTest => self.range_test(hooks),
        };
        self.restore(&before);
        found
    }

    /// L(w + ηp) for rates that double, then bisect.
    fn first_rate(&self, hooks: Hooks<'_>) -> Result<Search, Stopped> {
        let batch = self.batch()?;
        let at = self.linearize(&self.params, &batch, hooks)?.ok_or(Stopped::Interrupted)?;
        let clipped = self.clip(&at.wide_gradient()?)?;
        let (proposal, _) = self.propose(&at, clipped, &mut Sample::default(), hooks)?;
        let start_loss = at.score().loss;
        let mut loss_at = |rate| self.loss_along((&at, &proposal.direction), rate, hooks);
        let tried = find::largest_falling(start_loss, &mut loss_at)?;
        let points = tried.points.into_iter().filter(|point| point[1].is_finite()).collect();
        let kind = SearchKind::FirstRate;
        Ok(Search { kind, start_loss, points, found: tried.found, steepest: None })
    }

    /// Steps at rising rates until the loss blows up.
    fn range_test(&mut self, hooks: Hooks<'_>) -> Result<Option<Search>, TrainError> {
        let mut start_loss = None;
        let mut points: Vec<[f64; 2]> = Vec::new();
        for step in 0..=range::N_STEPS {
            self.live.peak_lr = range::rate(step);
            let outcome = self.step(hooks)?;
            let (Outcome::Stepped(record) | Outcome::Diverged(record)) = &outcome else {
                return Ok(None);
            };
            let loss = record.sample.loss;
            // What a rate did is seen at the next iterate.
            match start_loss {
                None => start_loss = Some(loss),
                Some(_) => points.push([range::rate(step - 1), loss]),
            }
            if range::is_over(&points) || matches!(outcome, Outcome::Diverged(_)) {
                break;
            }
        }
        points.retain(|point| point[1].is_finite());
        let reading = range::read(&points);
        Ok(Some(Search {
            kind: SearchKind::RangeTest,
            start_loss: start_loss.unwrap_or_default(),
            points,
            found: reading.falling,
            steepest: reading.steepest,
        }))
    }
}
