//! The application: takes in events, lays out panels and views, reads keys, carries out window actions
//! and remembers the set-up of the window.
//!
//! Stands above all other parts of the window and holds no run itself; what concerns a run, the
//! session decides.

mod application;
mod keys;
mod memory;
mod monitor;
mod trace;
mod window;
mod window_actions;

pub use self::application::App;
pub use self::keys::list as keys;
pub use self::window::open;
