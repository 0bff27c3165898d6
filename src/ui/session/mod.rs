//! The session: the runs on screen, what the user requests of them, and the commands and events that
//! travel between the window and the workers. Undo, trials and presets belong here too.
//!
//! Draws nothing: no file here knows egui. A history changes by events alone; a request becomes a
//! command, and shows as requested until an event confirms it.

mod carry_out;
mod connection;
pub(in crate::ui) mod measured;
mod pending;
mod preset_library;
mod replay;
mod request;
mod session_state;
pub(in crate::ui) mod plotted_runs;
pub(in crate::ui) mod stable_rate;
mod trial_settings;
mod trial_requests;
mod undo;

pub(in crate::ui) use self::pending::{Pending, status_word};
pub(in crate::ui) use self::preset_library::{OWN, PresetLibrary};
pub(in crate::ui) use self::request::{Request, Reset, SETS_RATE, WarmupFrom};
pub(in crate::ui) use self::session_state::{Drained, Session};
pub(in crate::ui) use self::trial_settings::TRIAL_STEPS;
pub(in crate::ui) use self::undo::Direction;
