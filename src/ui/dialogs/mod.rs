//! Dialogs: views that are filled in before something is written, and the writing itself, on threads of
//! its own so that the window never waits.
//!
//! While one is open, keys change no run.

pub(in crate::ui) mod export;
mod export_contents;
mod picture_export;
mod picture_options;
pub(in crate::ui) mod save_preset;
mod saving;
