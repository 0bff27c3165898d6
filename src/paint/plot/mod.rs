//! What is drawn inside one plot and at its edges.

mod covered;
pub(in crate::paint) mod empty_plot;
pub(in crate::paint) mod end_labels;
mod envelope;
pub(in crate::paint) mod items;
pub(in crate::paint) mod limit_marks;
mod line_markers;
mod off_scale;
pub(in crate::paint) mod samples;
mod view_range;

pub(in crate::paint) use items::PlotContents;
pub(in crate::paint) use samples::{diamond, sample, sample_width};
pub use samples::{run_color, run_sample};
pub(in crate::paint) use view_range::ViewRange;
