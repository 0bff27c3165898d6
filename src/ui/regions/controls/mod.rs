//! The left panel. Controls are generated from the declarations of settings, so a new setting needs
//! no code here; extra controls, such as searches, have their own files.

pub(in crate::ui) mod choice_list;
mod control_panel;
mod data_file;
mod find_box;
mod find_words;
mod new_seed;
mod rate_controls;
mod section_parts;
mod section_summary;
mod sections;
mod setting_rows;

pub(in crate::ui) use self::control_panel::{Controls, show, show_some};
pub(in crate::ui) use self::rate_controls::shown_for;
pub(in crate::ui) use self::section_parts::section_of;
pub(in crate::ui) use self::setting_rows::show_upright;
