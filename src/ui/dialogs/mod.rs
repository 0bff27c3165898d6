//! Dialogs: modal views for export, saving presets and opening files. Files are written on background threads, so
//! the window never waits. While a dialog is open, no key changes a run.

mod export_contents;
pub(in crate::ui) mod export_dialog;
pub(in crate::ui) mod open_dialog;
mod picture_export;
mod picture_options;
pub(in crate::ui) mod save_preset;
pub(in crate::ui) mod saving;
