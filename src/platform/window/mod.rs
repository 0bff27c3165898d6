//! Opens the window, on a desktop or on a web page, or explains why it cannot be opened.

use eframe::egui::ViewportBuilder;
use eframe::{App, CreationContext};

mod error;
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
