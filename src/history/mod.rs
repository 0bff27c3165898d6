//! What is known of runs: series, markers and status, built from events alone.
//! [`Run::apply`] is the only mutation; nothing here computes curvature or draws.

mod quantities;
mod run;
mod series;

pub use quantities::{QUANTITIES, Quantity, quantity};
pub use run::{Crossing, Marker, Run, Status};
pub use series::Series;
