//! What is known of runs: series, markers and status, built from events alone.
//! [`Run::apply`] is the only mutation; nothing here computes curvature or draws.
//!
//! Every value is kept, for export and for any zoom, so memory grows with the steps taken and is
//! bounded by `n_steps`. A step of a network of four layers takes at most 665 bytes, with six
//! eigenvalues, the smallest one and an audit at every one and all of it clipped, and usually 150:
//! evenly spaced steps, constants and counts cost next to nothing, and what is measured
//! every third step a third. A record is taken in in O(1) amortised, and whoever draws reads
//! extremes of whole stretches ([`Series::summary`]) instead of all values.

mod dated;
mod doubts;
mod growth;
mod marker;
mod newest;
mod notices;
mod preparation;
mod pyramid;
mod run;
mod series;
mod series_set;
mod settings_log;
mod steps;
mod values;

pub use dated::Dated;
pub use doubts::Doubted;
pub use marker::Marker;
pub use pyramid::Summary;
pub use run::{Run, Status};
pub use series::Series;
pub use series_set::Crossing;
pub use settings_log::SettingsLog;
