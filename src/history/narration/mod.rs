//! Narration: what the numbers of a run say about it at a step, as typed facts, most important one
//! first. `figure` puts them into words.
//!
//! Two parts. `TurningPoints` is a fold over the records of a run, in O(1) per step: where the
//! curvature crossed the limit, when it was at the edge of stability, where the loss jumped, and
//! where comparisons must not reach back any further. [`narrate`] reads these and a bounded number
//! of values of the series: at most [`LOSS_STEPS`] losses and a few times [`WINDOW`] measurements,
//! however long the run. `benches/frame.rs` measures the reading.
//!
//! Nothing is concluded from a number that is not certain: eigenvalues that did not converge or that
//! an audit contradicted are left out, no comparison crosses a change of settings or a gap in
//! measuring, and where the limit is not that of the run (mini-batches, curvature of some of the
//! examples, steps of a fixed length, a gradient clipped by parts) no ratio is used.

mod change_effect;
mod definitions;
mod fact;
mod measurement;
mod measurements;
mod narrate;
mod run_at_step;
mod trend;
mod turning_points;

pub use definitions::{
    EDGE, JUMP_FACTOR, JUMP_STEPS, LOSS_STEPS, MIN_MEASURED, MISSED, N_STANDARD_ERRORS, ON_LIMIT,
    RECENT_STEPS, WINDOW,
};
pub use fact::{
    ChangeEffect, Clipped, Divergence, EdgePeriod, Fact, LimitCrossing, LossCourse, LossJump,
    Place, Position, Unlimited, Unmeasured, WhyUnlimited, WhyUnmeasured,
};
pub use narrate::narrate;
pub use trend::Direction;
pub(super) use turning_points::TurningPoints;
