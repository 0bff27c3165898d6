//! Panels: what is always there: bar, tools, menu, controls, cards, legend, plots and status line.
//!
//! A panel reads the session and returns requests and window actions; none carries anything out.

pub(in crate::ui) mod top_bar;
pub(in crate::ui) mod cards;
pub(in crate::ui) mod controls;
pub(in crate::ui) mod ghost_list;
pub(in crate::ui) mod plot_options;
pub(in crate::ui) mod plots;
mod rescue;
pub(in crate::ui) mod speed;
pub(in crate::ui) mod status;
pub(in crate::ui) mod tools;
mod view_menu;
