//! Themes, and how lines look in them.

mod curve_style;
mod focus;
mod palette;
pub mod theme;

pub(in crate::paint) use curve_style::{Look, Sign, ghost_look, look};
pub(in crate::paint) use focus::show_focus;
#[cfg(test)]
pub(in crate::paint) use palette::{DARK, LIGHT};
pub use theme::Theme;
