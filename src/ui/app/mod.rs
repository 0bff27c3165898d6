//! The application: takes in events, lays out panels and views, reads keys, carries out window actions
//! and remembers the set-up of the window.
//!
//! Stands above all other parts of the window and holds no run itself; what concerns a run, the
//! session decides.

mod application;
mod keys;
mod remembered;
mod monitor;
mod ui_trace;
mod open_window;
mod window_actions;

pub use self::application::App;
pub use self::keys::list as keys;
pub use self::open_window::open;
