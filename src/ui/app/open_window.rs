//! Opens the window with the application in it.

use eframe::egui::{Context, ViewportBuilder};

use crate::config::RunConfig;
use crate::platform::window::{self, WindowError};
use crate::protocol::UiEnd;
use crate::store::PresetFolder;

use super::application::App;

/// Opens the window and returns when it is closed; `on_context` receives the context for repaints.
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
        // Fits a screen of 1440 × 900 with a title bar.
        .with_inner_size([1440.0, 850.0])
        // 800 × 600 at an interface scale of 200 %.
        .with_min_inner_size([400.0, 300.0]);
    window::open(viewport, move |cc| {
        on_context(cc.egui_ctx.clone());
        Box::new(App::with_stored_state(cc, link, start, PresetFolder::for_user()))
    })
}
