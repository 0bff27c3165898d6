//! Lines: one quantity of one run each, reduced to the points that are drawn.

mod ghost;
mod line;
mod line_clip;
mod look;
mod placed_series;
mod reading;
mod reduce;
mod trace;

pub use ghost::{Ghost, N_GHOST_STYLES, ghost_styles};
pub use line::{Extent, Line};
pub use line_clip::{clip, clip_steps};
pub use look::{Hue, LineKind, Look, Marker};
pub(in crate::figure) use placed_series::{Joined, PlacedSeries};
pub use reading::Reading;
pub(in crate::figure) use reading::{reading, step_near};
pub(in crate::figure) use reduce::{Window, reduce};
pub(in crate::figure) use trace::between;
pub use trace::{OffScale, Point, Trace};
