//! Histories of runs: series, markers and status, built from events alone. [`Run::apply`] is the
//! only mutation; nothing here computes curvature or draws.
//!
//! Every value is kept, for export and for any zoom, so memory grows with the steps taken. A step
//! of a four-layer network usually takes 180 bytes, and at most 720: with six eigenvalues, the
//! smallest one, an audit and clipping at every step. Evenly spaced steps, constants and counts
//! cost next to nothing, and a quantity measured every third step costs a third. Adding a record is
//! O(1) amortised; plots read the extremes of whole ranges ([`Series::summary`]) instead of all
//! values.

mod course;
mod dated;
mod doubts;
mod growth;
mod lasting_notices;
mod marker;
mod narration;
mod newest;
mod packed_values;
mod preparation;
mod pyramid;
mod run;
mod series;
mod series_set;
mod settings_log;
mod steps;

pub use course::course;
pub use dated::Dated;
pub use doubts::Doubted;
pub use marker::Marker;
pub use narration::{
    ChangeEffect, Clipped, Direction, Divergence, EDGE, EdgePeriod, Fact, JUMP_FACTOR, JUMP_STEPS,
    LOSS_STEPS, LimitCrossing, LossCourse, LossJump, MIN_MEASURED, MISSED, N_STANDARD_ERRORS,
    ON_LIMIT, Place, Position, RECENT_STEPS, Unlimited, Unmeasured, WINDOW, WhyUnlimited,
    WhyUnmeasured, narrate,
};
pub use pyramid::Summary;
pub use run::{Run, Status};
pub use series::Series;
pub use series_set::Crossing;
pub use settings_log::SettingsLog;
