//! How figures and charts are drawn: on screen, and as PNG or SVG with the same code and no display.
//! Does not decide what they show.

mod axes;
mod breaks;
mod chart;
mod column;
mod ends;
mod envelope;
mod flags;
mod flow;
mod focus;
mod format;
mod gestures;
mod handles;
mod header;
mod hover;
mod items;
mod letters;
mod line_signs;
mod look;
mod lost;
mod page;
mod palette;
pub mod png;
pub mod raster;
mod samples;
pub mod screen;
mod seen;
mod shares;
mod stack;
pub mod svg;
pub mod theme;
mod tiles;
mod view;

pub use format::Format;
pub use letters::{missing_letters, told_missing};
pub use page::{PaintError, Picture, PictureOptions, RESOLUTIONS, SIDES};
pub use samples::ghost_sample;
pub use theme::Theme;
pub use tiles::{Column, Side, Tiles};
pub use view::PlotView;
