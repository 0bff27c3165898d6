//! The window: its regions read the histories of runs and return the user's requests. It never
//! computes curvature and never sees the trainer; everything crosses the link.
//!
//! | part | duty | may use |
//! |---|---|---|
//! | `gesture`, `shortcut`, `appearance` | declarations shared by the other parts | nothing here |
//! | `widgets` | single controls; know no run | `gesture` |
//! | `session` | runs, requests, commands, events, undo; draws nothing | `gesture` |
//! | `view_info` | the trait and the declaration of a view | `session`, `shortcut` |
//! | `dialogs` | modal views: export, saving presets, opening files | `session`, `view_info`, `widgets` and below |
//! | `views` | all other views, and the list of all views | `dialogs` and below |
//! | `action` | actions on the window itself | `view_info`, `appearance`, `gesture` |
//! | `regions` | the parts around the plots, of the desk view and of Present | `views`, `action`, `appearance` and below |
//! | `app` | the application that joins them; reads keys | everything |
//!
//! `tests/layering` enforces the table.

mod action;
mod app;
mod appearance;
mod dialogs;
mod gesture;
mod regions;
mod session;
mod shortcut;
mod view_info;
mod views;
mod widgets;

pub use app::{App, keys, open, pointer_actions};
