//! The settings of the learning rate: its rule, its warmup and its schedule.

use std::ops::Range as Span;

use serde::{Deserialize, Serialize};

use super::super::choices::word_enum;
use super::declaration::{Effect, Section, SliderRange, log, log_whole, real, whole};
use super::group::{any_of, settings};

/// The courses of the rate under two configurations.
macro_rules! courses {
    ($now:ident, $before:ident) => {
        [$now, $before].map(|config| Course {
            warmup: config.live.warmup.clone(),
            schedule: config.live.schedule.clone(),
        })
    };
}

settings! {
    /// The rule of the learning rate.
    Rate at (live.rate) {
        /// How the rate is determined: schedule is warmup and decay; cdat is σ·|g·p|/|p·Hp| (arXiv
        /// 2407.06183) and line-search the lowest loss along the update, both without a cap;
        /// catapult raises the rate, up to the peak, whenever the loss is below its value before
        /// the last raise (arXiv 2406.09405).
        rule: RateRule = RateRule::Schedule => RATE_RULE,
            live(Section::Schedule, "Rate rule", any_of!(RateRule))
                .brief(|config| {
                    let rule = config.live.rate.rule;
                    (rule != RateRule::Schedule).then(|| rule.to_string())
                });
        /// Factor on CDAT's greedy rate: 1 steps to the bottom of the quadratic along the update, 2
        /// to the same height on its other side.
        sigma: f64 = 2.0 => SIGMA,
            live(Section::Rate, "CDAT σ", log(0.1, 10.0)).axis_label("σ of CDAT")
                .unread(|config| {
                    let rule = config.live.rate.rule;
                    (rule != RateRule::Cdat).then(|| format!("the rate rule is {rule}, not cdat"))
                });
        /// Factor by which catapult warmup raises the rate. The first rate is the setting Warmup
        /// from or, if that is 0, the largest rate that lowers the loss.
        raise: f64 = 2.0 => RAISE,
            live(Section::Rate, "Catapult raise", real(1.01, 10.0)).unit("×").unread(|config| {
                let rule = config.live.rate.rule;
                (rule != RateRule::Catapult)
                    .then(|| format!("the rate rule is {rule}, not catapult"))
            });
    }
}

settings! {
    /// What the learning rate does after warmup.
    Schedule at (live.schedule) {
        /// What the learning rate does after warmup: inverse-sqrt is √(s/(s+t)), power (1+t)^−b,
        /// cyclic goes down and up in straight lines, restarts repeats warmup and cosine.
        shape: ScheduleShape = ScheduleShape::Constant => SHAPE,
            live(Section::Schedule, "Schedule", any_of!(ScheduleShape))
                .brief(|config| Some(config.live.schedule.shape.to_string()))
                .unread(|config| without_schedule(config.live.rate.rule))
                .idle(|now, before, steps| before_decay(&courses!(now, before), steps));
        /// Steps the decay takes, the length of one stair or of one cycle, or s of inverse-sqrt.
        steps: u64 = 1000 => DECAY_STEPS,
            live(Section::Schedule, "Decay length", log_whole(1, 1_000_000)).unit("steps")
                .slider_range(SliderRange::Fixed([10.0, 100_000.0]))
                .unread(|config| {
                    let shape = config.live.schedule.shape;
                    without_schedule(config.live.rate.rule)
                        .or((!shape.has_steps()).then(|| format!("the schedule {shape} has no length")))
                })
                .idle(|now, before, steps| before_decay(&courses!(now, before), steps));
        /// Final or lowest fraction of the peak rate, or the ratio of one stair to the previous
        /// one.
        factor: f64 = 0.1 => DECAY_FACTOR,
            live(Section::Schedule, "Decay factor", log(1e-6, 1.0)).unit("×")
                .slider_range(SliderRange::Fixed([1e-3, 1.0]))
                .unread(|config| {
                    let shape = config.live.schedule.shape;
                    without_schedule(config.live.rate.rule)
                        .or((!shape.has_factor()).then(|| format!("the schedule {shape} has no factor")))
                })
                .idle(|now, before, steps| before_decay(&courses!(now, before), steps));
        /// Exponent b of the power law (1+t)^−b (arXiv 2202.04509).
        exponent: f64 = 0.5 => DECAY_EXPONENT,
            live(Section::Schedule, "Decay exponent", real(0.0, 2.0))
                .unread(|config| {
                    let shape = config.live.schedule.shape;
                    without_schedule(config.live.rate.rule)
                        .or((!shape.has_exponent()).then(|| format!("the schedule {shape} has no exponent")))
                })
                .idle(|now, before, steps| before_decay(&courses!(now, before), steps));
    }
}

settings! {
    /// Learning-rate warmup: `η_t = η_init + (η_peak − η_init)·min(1, (t − start + 1)/T)^p`.
    Warmup at (live.warmup) {
        /// Step at which warmup begins: 0, or where it was set during the run.
        start: u64 = 0 => WARMUP_START,
            elsewhere(Effect::Derived, "Warmup start", whole(0, 1_000_000_000)).unit("step")
                .slider_range(SliderRange::None)
                .unread(|config| without_schedule(config.live.rate.rule))
                .idle(|now, before, steps| {
                    outside_warmup(&courses!(now, before), steps)
                        .filter(|_| !begin_matters(&courses!(now, before), steps))
                });
        /// Steps over which the learning rate rises to its peak; 0 is none.
        steps: u64 = 0 => WARMUP_STEPS,
            live(Section::WarmupLength, "Warmup", log_whole(0, 1_000_000)).unit("steps").zero("none")
                .axis_label("warmup steps T")
                .slider_range(SliderRange::Fixed([0.0, 4096.0]))
                .unread(|config| without_schedule(config.live.rate.rule))
                .idle(|now, before, steps| {
                    outside_warmup(&courses!(now, before), steps).filter(|_| {
                        now.live.warmup.steps >= 1
                            && !begin_matters(&courses!(now, before), steps)
                    })
                });
        /// Learning rate that warmup rises from, at its first step.
        initial_lr: f64 = 0.0 => INITIAL_LR,
            live(Section::Warmup, "Warmup from", real(0.0, 100.0))
                .slider_range(SliderRange::Of(|config, _| [0.0, config.live.peak_lr]))
                .always_shown()
                .unread(|config| match config.live.rate.rule {
                    RateRule::Catapult => None,
                    rule @ (RateRule::Schedule | RateRule::Cdat | RateRule::LineSearch) =>
                        without_schedule(rule).or(without_warmup(config.live.warmup.steps)),
                })
                .idle(|now, before, steps| match now.live.rate.rule {
                    RateRule::Schedule => outside_warmup(&courses!(now, before), steps),
                    RateRule::Catapult | RateRule::Cdat | RateRule::LineSearch => None,
                });
        /// Shape of the rise: 1 is a straight line, 2 starts slower.
        power: f64 = 1.0 => WARMUP_POWER,
            live(Section::Warmup, "Warmup power", log(0.1, 10.0)).always_shown()
                .unread(|config| {
                    without_schedule(config.live.rate.rule)
                        .or(without_warmup(config.live.warmup.steps))
                })
                .idle(|now, before, steps| outside_warmup(&courses!(now, before), steps));
    }
}

fn without_schedule(rule: RateRule) -> Option<String> {
    (!rule.has_schedule()).then(|| "the rate follows no schedule".into())
}

fn without_warmup(n_steps: u64) -> Option<String> {
    match n_steps {
        0 => Some("there is no warmup".into()),
        1 => Some("a warmup of 1 step is at the peak at once".into()),
        _ => None,
    }
}

/// When warmup and decay happen under given settings.
struct Course {
    warmup: Warmup,
    schedule: Schedule,
}

impl Course {
    /// Whether warmup keeps the rate off its peak in one of these steps.
    fn is_warming(&self, steps: &Span<u64>) -> bool {
        let Warmup { start, steps: n, .. } = self.warmup;
        let is_repeated = self.schedule.shape == ScheduleShape::Restarts && n > 1;
        // The last step of warmup is at the peak.
        let last = start.saturating_add(n.saturating_sub(1));
        let end = if is_repeated { u64::MAX } else { last };
        steps.start.max(start) < steps.end.min(end)
    }

    /// Whether the schedule determines the rate in one of these steps; its first step is at the peak.
    fn is_decaying(&self, steps: &Span<u64>) -> bool {
        self.schedule.shape != ScheduleShape::Constant
            && steps.end.saturating_sub(1) > self.decay_begin()
    }

    fn decay_begin(&self) -> u64 {
        self.warmup.start.saturating_add(self.warmup.steps)
    }

    /// The step from which the rate stays at its final fraction of the peak, and that fraction; `None`
    /// if the decay has no end.
    fn decay_end(&self) -> Option<DecayEnd> {
        let has_end = matches!(self.schedule.shape, ScheduleShape::Linear | ScheduleShape::Cosine);
        let step = self.decay_begin().saturating_add(self.schedule.steps);
        has_end.then_some(DecayEnd { step, factor: self.schedule.factor })
    }
}

/// The end of a decay.
struct DecayEnd {
    step: u64,
    factor: f64,
}

/// The last step at which the decays of both courses end, if they end before these steps at the same
/// fraction of the peak.
fn common_end([now, before]: &[Course; 2], steps: &Span<u64>) -> Option<u64> {
    let (now, before) = (now.decay_end()?, before.decay_end()?);
    let last = now.step.max(before.step);
    (now.factor == before.factor && last <= steps.start).then_some(last)
}

/// Whether the step at which decay begins makes a difference in these steps. `courses` are those now
/// and before.
fn begin_matters(courses: &[Course; 2], steps: &Span<u64>) -> bool {
    let [now, before] = courses;
    now.schedule.shape != ScheduleShape::Constant
        && (now.is_decaying(steps) || before.is_decaying(steps))
        && common_end(courses, steps).is_none()
}

/// The reason why the form of warmup makes no difference in these steps.
fn outside_warmup(courses: &[Course; 2], steps: &Span<u64>) -> Option<String> {
    if courses.iter().any(|course| course.is_warming(steps)) {
        return None;
    }
    let Warmup { start, steps: n, .. } = courses[0].warmup;
    let why = without_warmup(n).unwrap_or_else(|| {
        if steps.start < start {
            format!("warmup begins at step {start} only")
        } else {
            format!("warmup ended at step {}", start.saturating_add(n))
        }
    });
    Some(why)
}

/// The reason why the schedule makes no difference in these steps.
fn before_decay(courses: &[Course; 2], steps: &Span<u64>) -> Option<String> {
    if let Some(end) = common_end(courses, steps) {
        return Some(format!("decay ended at step {end}"));
    }
    let is_before = !courses.iter().any(|course| course.is_decaying(steps));
    is_before.then(|| format!("decay begins after step {} only", courses[0].decay_begin()))
}

word_enum! {
    /// How the learning rate of a step is determined.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum RateRule {
        /// Warmup and schedule: a function of the step alone.
        Schedule => "schedule",
        /// σ times the rate that minimises the quadratic model along the update (arXiv 2407.06183).
        Cdat => "cdat",
        /// The rate that minimises the loss along the update, found by forward passes.
        LineSearch => "line-search",
        /// Raised by a factor, up to the peak, whenever the loss falls below its value before the last
        /// raise (persistent catapult warmup, arXiv 2406.09405).
        Catapult => "catapult",
    }
}

impl RateRule {
    /// Whether the rule reads `live.peak_lr`.
    #[must_use]
    pub const fn has_peak(self) -> bool {
        matches!(self, Self::Schedule | Self::Catapult)
    }

    /// Whether the rule reads the warmup's length and the schedule.
    #[must_use]
    pub const fn has_schedule(self) -> bool {
        matches!(self, Self::Schedule)
    }
}

word_enum! {
    /// Shape of the learning rate after warmup.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum ScheduleShape {
        /// Stays at the peak.
        Constant => "constant",
        /// Falls in a straight line to `factor` × peak over `steps`.
        Linear => "linear",
        /// Falls along a half cosine to `factor` × peak over `steps`.
        Cosine => "cosine",
        /// Multiplied by `factor` every `steps`.
        Step => "step",
        /// Peak × √(s/(s + t)) with s = `steps`.
        InverseSqrt => "inverse-sqrt",
        /// Peak × (1 + t)^−b with b = `exponent` (arXiv 2202.04509).
        Power => "power",
        /// Linear from the peak to `factor` × peak and back, once every `steps` (arXiv 1506.01186).
        Cyclic => "cyclic",
        /// Warmup and a half cosine of `steps`, repeated (arXiv 1608.03983).
        Restarts => "restarts",
    }
}

impl ScheduleShape {
    /// Whether the shape reads `live.schedule.steps`.
    #[must_use]
    pub const fn has_steps(self) -> bool {
        !matches!(self, Self::Constant | Self::Power)
    }

    /// Whether the shape reads `live.schedule.factor`.
    #[must_use]
    pub const fn has_factor(self) -> bool {
        !matches!(self, Self::Constant | Self::InverseSqrt | Self::Power)
    }

    /// Whether the shape reads `live.schedule.exponent`.
    #[must_use]
    pub const fn has_exponent(self) -> bool {
        matches!(self, Self::Power)
    }
}
