//! How a figure is drawn: on screen, and as a PNG with the same code and no display.
//! Does not decide what a figure shows.

mod ends;
mod header;
mod items;
pub mod png;
pub mod raster;
pub mod screen;
mod stack;
pub mod theme;
mod view;

pub use header::ghost_sample;
pub use png::{PaintError, PngOptions};
pub use theme::Theme;
pub use view::PlotView;
