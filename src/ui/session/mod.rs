//! The session: the runs on screen, the user's requests, and the commands and events exchanged with
//! the workers; also undo, trials, presets and files.
//!
//! No file here uses egui. Only events change a history: a request becomes a command and counts as
//! pending until an event confirms it.

mod carry_out;
mod connection;
pub(in crate::ui) mod measured;
mod pending_request;
pub(in crate::ui) mod phase_grid;
mod preset_library;
pub(in crate::ui) mod remembered_files;
mod replay;
mod rescue_requests;
pub(in crate::ui) mod rescues;
pub(in crate::ui) mod run_list;
mod run_requests;
mod session_state;
pub(in crate::ui) mod stable_rate;
mod trial_requests;
mod trial_settings;
mod undo;
mod user_request;

pub(in crate::ui) use self::pending_request::{Pending, status_word};
pub(in crate::ui) use self::preset_library::{PresetLibrary, USER_PRESET};
pub(in crate::ui) use self::run_list::plotted_runs;
pub(in crate::ui) use self::session_state::{Drained, Session};
pub(in crate::ui) use self::trial_settings::TRIAL_STEPS;
pub(in crate::ui) use self::undo::Direction;
pub(in crate::ui) use self::user_request::{Request, Reset, SETS_RATE, WarmupFrom};
