//! Widgets: single controls and what they share: typed fields, sliders, scales of small plots, contents
//! that scroll where space is short.
//!
//! None knows a run, its history or what becomes of a value; a widget returns what the user chose.

pub(in crate::ui) mod control_range;
pub(in crate::ui) mod factor_list;
pub(in crate::ui) mod fit;
pub(in crate::ui) mod number_control;
pub(in crate::ui) mod plot_ticks;
pub(in crate::ui) mod curve_styles;
pub(in crate::ui) mod number_field;
pub(in crate::ui) mod width_list;
