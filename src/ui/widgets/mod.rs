//! Widgets: number and list controls, curve styles and ticks of small plots, and scrolling where space
//! is short. No widget knows a run or its history; each returns what the user chose.

pub(in crate::ui) mod control_range;
pub(in crate::ui) mod curve_styles;
pub(in crate::ui) mod factor_list;
pub(in crate::ui) mod fit_contents;
pub(in crate::ui) mod interaction;
pub(in crate::ui) mod number_control;
pub(in crate::ui) mod number_field;
pub(in crate::ui) mod one_line;
pub(in crate::ui) mod pin;
pub(in crate::ui) mod plot_ticks;
pub(in crate::ui) mod section_header;
pub(in crate::ui) mod slider_rail;
pub(in crate::ui) mod upright_number;
pub(in crate::ui) mod width_list;
