//! How figures and charts are drawn: on screen, and as PNG or SVG with the same code and no
//! display. Does not decide what they show.
//!
//! | part | holds | may use |
//! |---|---|---|
//! | `style` | themes, and how lines look | – |
//! | `plot` | what is drawn inside one plot, and at its edges | `style` |
//! | `layout` | where titles, legends and plots are placed | `plot` and below |
//! | `interactive` | a figure with pointer and keyboard | `layout` and below |
//! | `chart` | how charts of studies are drawn | `style` |
//! | `page` | pictures without a window: PNG, SVG | all above |
//!
//! `tests/layering` enforces these directions.

mod chart;
mod interactive;
mod layout;
mod page;
mod plot;
mod style;

pub use chart::draw_sheet;
pub use interactive::screen;
pub use layout::{Column, PlotGesture, PlotRoom, PlotView, Side, Tiles, plot_gestures};
pub use page::{
    Format, PaintError, Picture, PictureOptions, RESOLUTIONS, SIDES, missing_glyphs,
    missing_glyphs_warning, png, raster, svg,
};
pub use plot::{run_color, run_sample};
pub use style::{Theme, theme};
