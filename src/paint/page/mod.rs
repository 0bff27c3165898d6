//! Pictures without a window, as PNG or SVG.

mod error;
mod format;
mod glyphs;
mod off_screen;
mod picture;
pub mod png;
pub mod raster;
pub mod svg;

pub use error::PaintError;
pub use format::Format;
pub use glyphs::{missing_glyphs, missing_glyphs_warning};
pub use picture::{Picture, PictureOptions, RESOLUTIONS, SIDES};
