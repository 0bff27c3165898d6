//! Axes: scales from values to places, ticks, and tick labels that fit.

mod axis;
mod scale;
mod thinning;
mod ticks;

pub use axis::Axis;
pub use scale::{Scale, ScaleKind};
pub use thinning::{readable_ticks, thinned_ticks};
pub use ticks::{Tick, ticks};
