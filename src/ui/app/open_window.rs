//! The window: its size, and the application in it.
//! Does not know what the window shows, nor what system it opens on.

use eframe::egui::{Context, ViewportBuilder};

use crate::config::RunConfig;
use crate::platform::window::{self, WindowError};
use crate::protocol::UiEnd;
use crate::store::PresetFolder;

use super::application::App;

/// Opens the window and stays until it is closed; `on_context` gets what repaints it.
///
/// # Errors
/// See [`window::open`].
pub fn open(
    link: UiEnd,
    start: RunConfig,
    on_context: impl FnOnce(Context) + 'static,
) -> Result<(), WindowError> {
    let viewport = ViewportBuilder::default()
        .with_title("eoscope")
        .with_app_id("eoscope")
        // With its title bar within a screen of 1440 × 900.
        .with_inner_size([1440.0, 850.0])
        // 800 × 600 where everything is twice as large.
        .with_min_inner_size([400.0, 300.0]);
    window::open(viewport, move |cc| {
        on_context(cc.egui_ctx.clone());
        Box::new(App::at_home(cc, link, start, PresetFolder::at_home()))
    })
}
