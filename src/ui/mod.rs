//! The window: panels read the history of runs and return what the user requests.
//! Never computes curvature and never sees the trainer; everything crosses the link.
//!
//! | part | holds | may use |
//! |---|---|---|
//! | `widgets` | single controls; know no run | `gesture` |
//! | `session` | runs, requests, commands and events; draws nothing | `gesture` |
//! | `view_info` | what a view is and how it is declared | `session`, `shortcut` |
//! | `dialogs` | views that are filled in, and files | `session`, `view_info`, `widgets` |
//! | `views` | the other views, and the list of all | `dialogs` and below |
//! | `action` | what is requested of the window itself | `view_info` |
//! | `panels` | what is always there | `views`, `action`, `appearance` and below |
//! | `app` | the application that joins them | everything |
//!
//! `tests/layering.rs` holds the table.

mod action;
mod app;
mod appearance;
mod dialogs;
mod gesture;
mod panels;
mod session;
mod shortcut;
mod view_info;
mod views;
mod widgets;

pub use app::{App, keys, open};
