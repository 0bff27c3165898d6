//! The left panel. Controls are generated from the declarations of settings, so a new setting needs
//! no code here; extra controls, such as searches, have their own files.

mod control_panel;
mod data_file;
mod rate_controls;
mod restart_settings;
mod setting_rows;

pub(in crate::ui) use self::control_panel::{Controls, show, show_some};
pub(in crate::ui) use self::rate_controls::shown_for;
pub(in crate::ui) use self::setting_rows::show_upright;
