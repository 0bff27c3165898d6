//! The turning points of a run, found as its records arrive.

use std::collections::VecDeque;

use crate::config::Interval;
use crate::history::dated::Dated;
use crate::protocol::Record;

use super::definitions::{EDGE, JUMP_FACTOR, JUMP_STEPS, MIN_MEASURED, WINDOW};
use super::fact::{EdgePeriod, LimitCrossing};
use super::measurement::Measurement;
use super::trend::{Direction, direction, median};

/// The first step of a jump of the loss, and the minimum that it exceeded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct JumpStart {
    pub(super) step: u64,
    pub(super) floor: Dated,
}

/// The turning points of a run. The state between records is bounded; the lists grow with what they
/// list.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each has its own condition")]
pub(in crate::history) struct TurningPoints {
    /// First steps that earlier measurements are not compared with.
    breaks: Vec<u64>,
    /// Changes of the interval of measurements, with the step before which they were made.
    intervals: Vec<(u64, Interval)>,
    crossings: Vec<LimitCrossing>,
    edges: Vec<EdgePeriod>,
    jumps: Vec<JumpStart>,
    /// The latest certain ratios since the last break or measurement without limit.
    ratios: VecDeque<Dated>,
    /// The latest losses.
    losses: VecDeque<Dated>,
    is_at_edge: bool,
    /// Whether the ratio was above 1 since the last break, or since its median was below the edge and
    /// its last values below 1.
    was_above: bool,
    /// Whether that crossing is recorded.
    is_crossing_known: bool,
}

impl TurningPoints {
    /// Adds a record; `accuracy` is the tolerance of measurements. A contradicted record breaks with
    /// all before it.
    pub(in crate::history) fn record(&mut self, record: &Record, accuracy: f64) {
        let step = record.sample.step;
        self.follow_loss(Dated { value: record.sample.loss, step });
        let Some(curvature) = &record.sample.curvature else { return };
        if let Some(since) = curvature.doubts.iter().map(|doubt| doubt.agreed).min() {
            self.retract_after(since);
            self.break_at(step);
        }
        let measurement = Measurement::of(step, |quantity| quantity.read(record));
        match measurement.map(Measurement::ratio) {
            Some(Some(ratio)) => self.follow_ratio(ratio, accuracy),
            Some(None) => self.forget(),
            None => {}
        }
    }

    /// Records changed settings from a step on, with the interval of measurements before and after.
    /// A change that does not act on the training breaks nothing, unless measuring was off.
    pub(in crate::history) fn change(
        &mut self,
        step: u64,
        is_acting: bool,
        [before, after]: [Interval; 2],
    ) {
        if before != after {
            self.intervals.push((step, after));
        }
        let is_turned_on = before == Interval::Off && after != Interval::Off;
        if is_turned_on || is_acting {
            self.break_at(step);
        }
    }

    fn break_at(&mut self, step: u64) {
        if self.breaks.last().is_none_or(|last| *last < step) {
            self.breaks.push(step);
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.ratios.clear();
        (self.is_at_edge, self.was_above, self.is_crossing_known) = (false, false, false);
    }

    /// Takes back what rests on measurements after this step.
    fn retract_after(&mut self, step: u64) {
        self.crossings.retain(|crossing| crossing.step <= step);
        self.edges.retain(|period| period.since <= step);
        if let Some(period) = self.edges.last_mut() {
            period.last = period.last.min(step);
        }
    }

    fn follow_loss(&mut self, loss: Dated) {
        if !loss.value.is_finite() {
            self.losses.clear();
            return;
        }
        let floor = self.losses.iter().min_by(|a, b| a.value.total_cmp(&b.value)).copied();
        if let Some(floor) = floor.filter(|_| self.losses.len() >= MIN_MEASURED) {
            let is_over = self
                .jumps
                .last()
                .is_none_or(|last| last.step.saturating_add(JUMP_STEPS as u64) <= loss.step);
            if is_over && floor.value > 0.0 && loss.value > JUMP_FACTOR * floor.value {
                self.jumps.push(JumpStart { step: loss.step, floor });
            }
        }
        push(&mut self.losses, loss, JUMP_STEPS);
    }

    fn follow_ratio(&mut self, ratio: Dated, accuracy: f64) {
        let before = self.ratios.back().copied();
        if ratio.value > 1.0 {
            self.was_above = true;
            if let Some(before) = before.filter(|_| !self.is_crossing_known) {
                let crossing = LimitCrossing { before: before.step, step: ratio.step };
                // Without this, a run that starts above the limit would cross it later.
                self.crossings.extend((before.value <= 1.0).then_some(crossing));
            }
            self.is_crossing_known = true;
        }
        push(&mut self.ratios, ratio, WINDOW);
        if self.ratios.len() < MIN_MEASURED {
            return;
        }
        let Some(median) = median(self.ratios.iter().map(|ratio| ratio.value)) else { return };
        let is_near = (EDGE[0]..=EDGE[1]).contains(&median);
        let is_below = self.ratios.iter().rev().take(MIN_MEASURED).all(|ratio| ratio.value <= 1.0);
        if median < EDGE[0] && is_below {
            (self.was_above, self.is_crossing_known) = (false, false);
        }
        if self.is_at_edge && is_near {
            if let Some(period) = self.edges.last_mut() {
                period.last = ratio.step;
            }
            return;
        }
        self.is_at_edge = is_near
            && self.was_above
            && direction(self.ratios.iter().copied(), accuracy) == Direction::Level;
        if self.is_at_edge {
            self.edges.push(EdgePeriod { since: ratio.step, last: ratio.step });
        }
    }

    /// The first step at or before this one since which settings and measuring are the same.
    pub(super) fn steady_since(&self, step: u64) -> u64 {
        last_by(&self.breaks, |at| *at <= step).copied().unwrap_or_default()
    }

    /// The interval of measurements at a step; `None` if it is that of the start.
    pub(super) fn interval(&self, step: u64) -> Option<Interval> {
        last_by(&self.intervals, |(at, _)| *at <= step).map(|(_, interval)| *interval)
    }

    /// The last crossing up to a step.
    pub(super) fn crossing(&self, step: u64) -> Option<LimitCrossing> {
        last_by(&self.crossings, |crossing| crossing.step <= step).copied()
    }

    /// The last period at the edge that had begun at a step, with what is known of it today.
    pub(super) fn edge(&self, step: u64) -> Option<EdgePeriod> {
        last_by(&self.edges, |period| period.since <= step).copied()
    }

    /// The first jump that began between two steps, both included.
    pub(super) fn first_jump(&self, [first, last]: [u64; 2]) -> Option<JumpStart> {
        let at = self.jumps.partition_point(|jump| jump.step < first);
        self.jumps.get(at).filter(|jump| jump.step <= last).copied()
    }

    /// The last jump that had begun at a step.
    pub(super) fn jump(&self, step: u64) -> Option<JumpStart> {
        last_by(&self.jumps, |jump| jump.step <= step).copied()
    }
}

/// The last of the items for which something holds, which must be the first ones.
fn last_by<T>(items: &[T], holds: impl Fn(&T) -> bool) -> Option<&T> {
    items.partition_point(holds).checked_sub(1).map(|at| &items[at])
}

/// Appends an item; at most `n` are kept.
fn push<T>(items: &mut VecDeque<T>, item: T, n: usize) {
    if items.len() == n {
        items.pop_front();
    }
    items.push_back(item);
}
