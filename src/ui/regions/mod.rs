//! Regions: the parts of the window around the plots. A region reads the session and returns
//! requests and window actions; it carries nothing out.

pub(in crate::ui) mod above_plots;
pub(in crate::ui) mod asked;
pub(in crate::ui) mod cards;
pub(in crate::ui) mod controls;
mod plot_chips;
mod plot_list;
pub(in crate::ui) mod plot_options;
pub(in crate::ui) mod plots;
pub(in crate::ui) mod present;
mod preset_choice;
pub(in crate::ui) mod room;
mod runs_button;
pub(in crate::ui) mod speed;
pub(in crate::ui) mod status;
pub(in crate::ui) mod tools;
pub(in crate::ui) mod top_bar;
mod view_menu;
