//! A run at a step: what was measured then, and whether a limit applies.

use crate::config::{Batch, Interval};
use crate::history::dated::Dated;
use crate::history::newest::max_age;
use crate::history::run::Run;
use crate::quantity;

use super::definitions::{
    JUMP_STEPS, LOSS_STEPS, MIN_MEASURED, MISSED, ON_LIMIT, RECENT_STEPS, WINDOW,
};
use super::fact::{
    Clipped, LossCourse, LossJump, Place, Position, Unlimited, Unmeasured, WhyUnlimited,
    WhyUnmeasured,
};
use super::measurement::Measurement;
use super::measurements;
use super::trend::{Direction, direction};
use super::turning_points::JumpStart;

/// Parts of the steps, from the first on and to the last, whose mean losses are compared.
const LOSS_PARTS: u64 = 10;

/// A run at a recorded step.
#[derive(Debug)]
pub(super) struct RunAtStep<'a> {
    pub(super) run: &'a Run,
    pub(super) step: u64,
    /// The latest certain measurements since the last change of settings, newest first.
    window: Vec<Measurement>,
}

impl<'a> RunAtStep<'a> {
    /// The run at the last recorded step up to this one; `None` before the first.
    pub(super) fn new(run: &'a Run, up_to: u64) -> Option<Self> {
        let (step, _) = run.series(quantity::LOSS).at_or_before(up_to)?;
        let since = run.turning_points().steady_since(step);
        let window = measurements::latest(run, step).take_while(|found| found.step >= since);
        Some(Self { run, step, window: window.take(WINDOW).collect() })
    }

    /// Whether there are enough measurements up to this step to say anything.
    pub(super) fn is_measured(&self) -> bool {
        self.run.series(self.run.governing_quantity()).n_up_to(self.step) >= MIN_MEASURED
    }

    /// Why the limit of the run does not apply to its curvature at any step.
    pub(super) fn why_never_limited(&self) -> Option<WhyUnlimited> {
        let config = self.run.config();
        if let Batch::Size(n) = config.optimizer.batch
            && !config.is_full_batch()
        {
            return Some(WhyUnlimited::MiniBatch(n));
        }
        let (n_probe, n_train) = (config.n_probe(), config.task.n_train);
        if n_probe < n_train {
            return Some(WhyUnlimited::Subset { n_probe, n_train });
        }
        let rule = config.optimizer.rule;
        (!rule.has_limit()).then_some(WhyUnlimited::FixedLength(rule))
    }

    /// The last certain measurement before this step, whatever has changed since.
    pub(super) fn last_before(&self, step: u64) -> Option<Measurement> {
        measurements::latest(self.run, step.checked_sub(1)?).next()
    }

    /// The last certain binding ratio before this step, unless it is older than recent steps.
    pub(super) fn ratio_before(&self, step: u64) -> Option<Dated> {
        let ratio = self.last_before(step)?.ratio()?;
        (step - ratio.step <= RECENT_STEPS).then_some(ratio)
    }

    /// Whether the gradient was clipped at a step.
    pub(super) fn is_clipped(&self, step: u64) -> bool {
        self.run.series(quantity::CLIP_SCALE).at(step).is_some_and(|scale| scale < 1.0)
    }

    /// Whether the curvature is not known at this step, though it once was.
    pub(super) fn unmeasured(&self) -> Option<Unmeasured> {
        let series = self.run.series(self.run.governing_quantity());
        if !self.is_measured() {
            return None;
        }
        let last = measurements::latest(self.run, self.step).next()?;
        let age = self.step - last.step;
        let (newest, _) = series.at_or_before(self.step)?;
        let doubted = self.run.series(quantity::SHARPNESS_DOUBTED).at(newest);
        let why = match self.interval() {
            Interval::Off if newest == last.step => WhyUnmeasured::Off,
            Interval::Every(n) if age <= n.get() => return None,
            Interval::Every(_) if newest == last.step => WhyUnmeasured::Overdue,
            Interval::Every(n) if age < MISSED * n.get() => return None,
            _ if doubted.is_some_and(|flag| flag != 0.0) => WhyUnmeasured::Doubted,
            Interval::Off | Interval::Every(_) => WhyUnmeasured::NotConverged,
        };
        (age > 0).then_some(Unmeasured { since: last.step, age, why })
    }

    fn interval(&self) -> Interval {
        let changed = self.run.turning_points().interval(self.step);
        changed.unwrap_or(self.run.initial_config().live.probe.every)
    }

    /// Whether a measurement of this step is outdated.
    fn is_old(&self, step: u64) -> bool {
        self.step - step > max_age(self.interval())
    }

    fn accuracy(&self) -> f64 {
        self.run.config().live.probe.tolerance
    }

    /// The curvature, if no limit applies to it.
    pub(super) fn unlimited(&self) -> Option<Unlimited> {
        let newest = self.window.first().filter(|_| self.window.len() >= MIN_MEASURED)?;
        let why = if let Some(why) = self.why_never_limited() {
            why
        } else {
            let few = self.window.iter().take(MIN_MEASURED);
            let unlimited = few.into_iter().find(|found| found.ratio.is_none())?;
            let rate = self.run.series(quantity::LEARNING_RATE).at(unlimited.step)?;
            if rate == 0.0 { WhyUnlimited::NoRate } else { WhyUnlimited::ClippedParts }
        };
        let course = self.course(self.window.len());
        let is_old = self.is_old(newest.step);
        Some(Unlimited { curvature: newest.curvature(), course, is_old, why })
    }

    /// The direction of the last `n` curvatures.
    fn course(&self, n: usize) -> Direction {
        let values = self.window[..n].iter().rev().map(|found| found.curvature());
        direction(values, self.accuracy())
    }

    /// Where the curvature is relative to the limit that binds; `None` if too little is measured
    /// under the settings in force, or if no limit applies.
    pub(super) fn position(&self) -> Option<Position> {
        if self.why_never_limited().is_some() {
            return None;
        }
        let ratios: Vec<Dated> = self.window.iter().map_while(|found| found.ratio()).collect();
        let ratio = *ratios.first().filter(|_| ratios.len() >= MIN_MEASURED)?;
        let is_old = self.is_old(ratio.step);
        let place = self.place(ratio, is_old);
        let rising = direction(ratios.iter().rev().copied(), self.accuracy());
        Some(Position {
            ratio,
            place,
            course: self.course(ratios.len()),
            is_ratio_rising: rising == Direction::Rising,
            clipped: self.clipped(ratio.step),
            is_old,
        })
    }

    /// Since when the run is at the edge of stability at a measured step; `None` if it is not.
    pub(super) fn edge_at(&self, step: u64) -> Option<u64> {
        let period = self.run.turning_points().edge(step)?;
        (step <= period.last).then_some(period.since)
    }

    fn place(&self, ratio: Dated, is_old: bool) -> Place {
        if let Some(since) = self.edge_at(ratio.step) {
            let loss = (!is_old).then(|| self.loss_course(since)).flatten();
            return Place::AtEdge { since, loss };
        }
        if (ratio.value - 1.0).abs() <= self.accuracy().max(ON_LIMIT) {
            return Place::OnLimit;
        }
        if ratio.value < 1.0 {
            return Place::Below;
        }
        let turning_points = self.run.turning_points();
        let since = turning_points.steady_since(self.step);
        let crossing = turning_points.crossing(ratio.step).filter(|found| found.before >= since);
        crossing.map_or(Place::Above, Place::Crossed)
    }

    fn clipped(&self, step: u64) -> Option<Clipped> {
        let scales = self.run.series(quantity::CLIP_SCALE);
        let n = scales.n_up_to(step);
        let from = n.saturating_sub(WINDOW);
        let n_clipped = (from..n).filter(|index| scales.value(*index) < 1.0).count();
        self.is_clipped(step).then_some(Clipped { n_clipped, n_steps: n - from })
    }

    /// The course of the loss since a step, over the last [`LOSS_STEPS`] steps at most; `None` over
    /// too few.
    fn loss_course(&self, since: u64) -> Option<LossCourse> {
        let losses = self.run.series(quantity::LOSS);
        let first = since.max(self.step.saturating_sub(LOSS_STEPS));
        let [from, end] = [losses.n_up_to(first).checked_sub(1)?, losses.n_up_to(self.step)];
        let values: Vec<f64> = (from..end).map(|index| losses.value(index)).collect();
        let n_steps = values.len() as u64 - 1;
        if n_steps < RECENT_STEPS || values.iter().any(|loss| !loss.is_finite()) {
            return None;
        }
        let n_rising = values.windows(2).filter(|pair| pair[1] > pair[0]).count() as u64;
        let part = values.len() / usize::try_from(LOSS_PARTS).unwrap_or(1);
        let sum = |part: &[f64]| part.iter().sum::<f64>();
        let is_falling = sum(&values[values.len() - part..]) < sum(&values[..part]);
        Some(LossCourse { n_steps, n_rising, is_falling })
    }

    /// The jump that began at a step, as far as it is known now; `None` on mini-batches, whose
    /// losses are those of different examples.
    pub(super) fn jump(&self, start: JumpStart) -> Option<LossJump> {
        let why = self.why_never_limited();
        if matches!(why, Some(WhyUnlimited::MiniBatch(_))) {
            return None;
        }
        let losses = self.run.series(quantity::LOSS);
        let until = self.step.min(start.step + JUMP_STEPS as u64 - 1);
        let range = losses.index_range([start.step as f64, until as f64]);
        let (at, value) = losses.summary([range.start, range.end]).highest()?;
        let peak = Dated { value, step: losses.step(at) };
        let fall = if why.is_none() { self.fall(start.step) } else { None };
        let is_clipped = fall.map_or([false; 2], |fall| fall.map(|at| self.is_clipped(at.step)));
        Some(LossJump { step: start.step, floor: start.floor, peak, fall, is_clipped })
    }

    /// The ratios above the limit up to a step, and back at or below it soon after.
    fn fall(&self, step: u64) -> Option<[Dated; 2]> {
        let before = self.ratio_before(step + 1).filter(|ratio| ratio.value > 1.0)?;
        let until = self.step.min(step + RECENT_STEPS);
        let later = measurements::between(self.run, [step, until]);
        let back = later.map_while(Measurement::ratio).find(|ratio| ratio.value <= 1.0)?;
        let is_steady = self.run.turning_points().steady_since(back.step) <= before.step;
        is_steady.then_some([before, back])
    }
}
