//! The facts about a run, each with its step and the numbers it rests on.

use std::num::NonZeroUsize;

use crate::config::Rule;
use crate::history::dated::Dated;
use crate::history::marker::Marker;

use super::trend::Direction;

/// Something that is true of a run at a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// It diverged.
    Diverged(Divergence),
    /// Settings changed, with what followed.
    Changed(ChangeEffect),
    /// The loss jumped.
    Jumped(LossJump),
    /// The curvature is not known at the newest step.
    Unmeasured(Unmeasured),
    /// The curvature is measured, but no limit applies to it.
    Unlimited(Unlimited),
    /// Where the curvature is relative to the limit that binds.
    Position(Position),
    /// The curvature crossed the limit.
    Crossed(LimitCrossing),
    /// The run was at the edge of stability.
    WasAtEdge(EdgePeriod),
}

impl Fact {
    /// The step that shows it best.
    #[must_use]
    pub fn step(&self) -> u64 {
        match self {
            Self::Diverged(divergence) => divergence.last_step,
            Self::Changed(effect) => effect.marker.until,
            Self::Jumped(jump) => jump.step,
            Self::Unmeasured(unmeasured) => unmeasured.since,
            Self::Unlimited(unlimited) => unlimited.curvature.step,
            Self::Position(position) => match &position.place {
                Place::AtEdge { since, .. } => *since,
                Place::Crossed(crossing) => crossing.step,
                Place::Above | Place::OnLimit | Place::Below => position.ratio.step,
            },
            Self::Crossed(crossing) => crossing.step,
            Self::WasAtEdge(period) => period.since,
        }
    }
}

/// How a run diverged.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// Number of steps taken.
    pub n_steps: u64,
    /// The last recorded step.
    pub last_step: u64,
    /// The last loss.
    pub loss: f64,
    /// The last change of settings, if it is recent.
    pub change: Option<Marker>,
    /// The last binding ratio, if it is recent.
    pub ratio: Option<Dated>,
    /// Whether the gradient was clipped at the step of the ratio.
    pub is_clipped: bool,
}

/// The curvature is not known at the newest step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unmeasured {
    /// Step of the last certain measurement.
    pub since: u64,
    /// Steps since then.
    pub age: u64,
    /// Why.
    pub why: WhyUnmeasured,
}

/// Why the curvature is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyUnmeasured {
    /// Measuring is off.
    Off,
    /// A measurement is overdue.
    Overdue,
    /// Later measurements did not converge.
    NotConverged,
    /// An audit contradicted later measurements.
    Doubted,
}

/// The curvature where no limit applies to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unlimited {
    /// The last measurement.
    pub curvature: Dated,
    /// Where the curvature is going.
    pub course: Direction,
    /// Whether the measurement is outdated.
    pub is_old: bool,
    /// Why there is no limit.
    pub why: WhyUnlimited,
}

/// Why no limit applies to the curvature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyUnlimited {
    /// The limit holds for the full batch; the run has batches of this size.
    MiniBatch(NonZeroUsize),
    /// The curvature is that of some of the training examples.
    Subset {
        /// Examples measured.
        n_probe: usize,
        /// Training examples.
        n_train: usize,
    },
    /// The steps of this rule have a fixed length.
    FixedLength(Rule),
    /// The learning rate is 0.
    NoRate,
    /// Coordinates or units of the gradient were clipped.
    ClippedParts,
}

/// Where the curvature is relative to the limit that binds.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent of each other")]
pub struct Position {
    /// The last binding ratio.
    pub ratio: Dated,
    /// Where that is.
    pub place: Place,
    /// Where the curvature is going.
    pub course: Direction,
    /// Whether the ratio rises.
    pub is_ratio_rising: bool,
    /// Clipping, if the gradient was clipped at the step of the ratio.
    pub clipped: Option<Clipped>,
    /// Whether the ratio is outdated.
    pub is_old: bool,
}

/// A place relative to the limit.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// At the edge of stability.
    AtEdge {
        /// Since this measured step.
        since: u64,
        /// What the loss does there.
        loss: Option<LossCourse>,
    },
    /// Above, after a crossing under the settings in force.
    Crossed(LimitCrossing),
    /// Above.
    Above,
    /// At the limit to the accuracy of the measurement.
    OnLimit,
    /// Below.
    Below,
}

/// How many of the latest steps were clipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clipped {
    /// Clipped steps.
    pub n_clipped: usize,
    /// All of these steps.
    pub n_steps: usize,
}

/// What the loss does over the latest steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossCourse {
    /// Number of these steps.
    pub n_steps: u64,
    /// Number of those that raised the loss.
    pub n_rising: u64,
    /// Whether the mean loss of the last tenth is below that of the first.
    pub is_falling: bool,
}

/// A crossing of the limit from below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitCrossing {
    /// The last measured step at or below the limit.
    pub before: u64,
    /// The measured step after it, above the limit.
    pub step: u64,
}

/// A period at the edge of stability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgePeriod {
    /// First measured step.
    pub since: u64,
    /// Last measured step so far.
    pub last: u64,
}

/// A jump of the loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossJump {
    /// First step of the jump.
    pub step: u64,
    /// The running minimum that it exceeded.
    pub floor: Dated,
    /// The highest loss of the jump.
    pub peak: Dated,
    /// Binding ratios above the limit just before the jump and, after it, back at or below it.
    pub fall: Option<[Dated; 2]>,
    /// Whether the gradient was clipped at the steps of the two ratios.
    pub is_clipped: [bool; 2],
}

/// A change of settings, and what followed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeEffect {
    /// The change.
    pub marker: Marker,
    /// The binding limit at the last step before it and at the first step with the new values.
    pub limits: Option<[Dated; 2]>,
    /// Whether the gradient was clipped at these two steps.
    pub is_clipped: [bool; 2],
    /// The last binding ratio before the change.
    pub before: Option<Dated>,
    /// The newest binding ratio after it.
    pub after: Option<Dated>,
    /// The jump of the loss that followed at once.
    pub jump: Option<LossJump>,
    /// Since when the run is at the edge of stability under the new settings.
    pub at_edge_since: Option<u64>,
}
