//! Themes, and how lines look in them.

mod focus;
mod line_style;
mod palette;
pub mod theme;

pub(in crate::paint) use focus::show_focus;
pub(in crate::paint) use line_style::{LineStyle, ghost_style, line_style, run_style};
#[cfg(test)]
pub(in crate::paint) use palette::{DARK, LIGHT};
pub use theme::Theme;
