//! Opens the window, on a desktop or on a web page, or explains why it cannot be opened.

use eframe::egui::ViewportBuilder;
use eframe::{App, CreationContext};

mod error;
#[cfg(not(target_family = "wasm"))]
mod lost_display;
#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(target_family = "wasm")]
mod web;

#[cfg(not(target_family = "wasm"))]
use native as system;
#[cfg(target_family = "wasm")]
use web as system;

pub use error::WindowError;

/// Opens the window and returns when it is closed; on a web page, returns immediately.
///
/// # Errors
/// No display, no OpenGL, a missing system library, or on a web page no canvas: one sentence with
/// what to do.
pub fn open(
    viewport: ViewportBuilder,
    create: impl FnOnce(&CreationContext<'_>) -> Box<dyn App> + 'static,
) -> Result<(), WindowError> {
    system::open(viewport, create)
}

/// Does this work if the display goes away while the window is open (a logout, a dropped
/// connection), then ends the program with one sentence; on a web page, never. To be called when
/// the window is created.
pub fn on_lost_display(work: impl FnOnce() + Send + 'static) {
    system::on_lost_display(work);
}
