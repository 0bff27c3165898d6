//! The left panel. Controls follow from the declarations of settings: a new setting needs nothing here,
//! and what belongs to no single setting stands in files of its own.

mod control_panel;
mod learning_rate;
mod restart_settings;

pub(in crate::ui) use self::control_panel::{Controls, Extent, show};
pub(in crate::ui) use self::learning_rate::shown_for;
