//! Warnings about warmup and schedule of the learning rate.

use crate::config::{LiveSettings, ScheduleShape, settings};
use crate::text::{self, plural};

/// Warns of a warmup that the run ends during.
pub(super) fn warmup(live: &LiveSettings, n_steps: u64) -> Option<String> {
    let warmup = &live.warmup;
    if !live.rate.rule.has_schedule() || warmup.steps == 0 || warmup.start >= n_steps {
        return None;
    }
    let n = warmup.steps;
    let end = warmup.start.saturating_add(n);
    (end > n_steps).then(|| {
        // The rate after the last step, as in `optim::schedule`.
        let done = (n_steps - warmup.start) as f64 / n as f64;
        let risen = libm::pow(done, warmup.power);
        let rate = (1.0 - risen) * warmup.initial_lr + risen * live.peak_lr;
        format!(
            "the warmup of {} is cut off by the end of the run at step {n_steps}: the learning \
             rate gets to {}, not to its peak of {}",
            plural(n, "step"),
            text::number(rate),
            text::number(live.peak_lr)
        )
    })
}

/// Warns of a schedule that keeps the rate at its peak.
pub(super) fn constant(live: &LiveSettings, n_steps: u64) -> Option<String> {
    let (shape, schedule) = (live.schedule.shape, &live.schedule);
    let begins = live.warmup.start.saturating_add(live.warmup.steps) < n_steps;
    let is_repeated = shape == ScheduleShape::Restarts && live.warmup.steps > 1;
    let setting = if shape.has_factor() && schedule.factor == 1.0 && !is_repeated {
        &settings::DECAY_FACTOR
    } else if shape.has_exponent() && schedule.exponent == 0.0 {
        &settings::DECAY_EXPONENT
    } else {
        return None;
    };
    let value = if shape.has_exponent() { schedule.exponent } else { schedule.factor };
    (live.rate.rule.has_schedule() && begins).then(|| {
        format!(
            "the {shape} schedule keeps the rate at its peak: `{setting}` is {}",
            text::number(value)
        )
    })
}

/// Warns of a decay, or a first stair or cycle, that the run ends during.
pub(super) fn decay(live: &LiveSettings, n_steps: u64) -> Option<String> {
    let schedule = &live.schedule;
    let begin = live.warmup.start.saturating_add(live.warmup.steps);
    let has_length = match schedule.shape {
        ScheduleShape::Linear
        | ScheduleShape::Cosine
        | ScheduleShape::Step
        | ScheduleShape::Cyclic
        | ScheduleShape::Restarts => true,
        // None of these has an end.
        ScheduleShape::Constant | ScheduleShape::InverseSqrt | ScheduleShape::Power => false,
    };
    let is_cut = begin.saturating_add(schedule.steps) > n_steps;
    (live.rate.rule.has_schedule() && has_length && is_cut).then(|| {
        let left = n_steps.saturating_sub(begin);
        let fits = if left > 0 { format!("; {left} would fit") } else { String::new() };
        format!(
            "the {} schedule of {} from step {begin} on is cut off by the end of the run at step \
             {n_steps}{fits}",
            schedule.shape,
            plural(schedule.steps, "step"),
        )
    })
}
