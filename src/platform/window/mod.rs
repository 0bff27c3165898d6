//! Opening the window, on a desktop or in a web page, and saying plainly why it cannot be opened.
//! Does not know what the window shows.

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

/// Opens the window and stays until it is closed; in a web page, which lives on by itself, returns
/// at once.
///
/// # Errors
/// No display, no OpenGL or a missing system library, as one sentence with what to do; in a web page
/// no canvas to draw on.
pub fn open(
    viewport: ViewportBuilder,
    create: impl FnOnce(&CreationContext<'_>) -> Box<dyn App> + 'static,
) -> Result<(), WindowError> {
    system::open(viewport, create)
}
