//! The application: drains events, lays out regions and views, reads keys, carries out window actions,
//! and stores the state of the window. It uses all other parts of the window; decisions about runs
//! are left to the session.

mod application;
mod beside_plots;
mod keys;
mod monitor;
mod open_window;
mod pointer_table;
mod present_window;
mod remembered;
mod ui_trace;
mod window_actions;

pub use self::application::App;
pub use self::keys::{list as keys, pointer_actions};
pub use self::open_window::open;
