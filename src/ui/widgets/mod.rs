//! Widgets: single controls and what they share: typed fields, sliders, scales of small plots, contents
//! that scroll where space is short.
//!
//! None knows a run, its history or what becomes of a value; a widget returns what the user chose.

pub(in crate::ui) mod control_range;
pub(in crate::ui) mod factors;
pub(in crate::ui) mod fit;
pub(in crate::ui) mod gauge;
pub(in crate::ui) mod marks;
pub(in crate::ui) mod strokes;
pub(in crate::ui) mod typed;
pub(in crate::ui) mod widths;
