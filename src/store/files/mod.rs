//! Files as text and lines, with what can be wrong with them in words.
//! Knows no run and no study.

mod lines;
mod table;
mod whole;

pub(super) use lines::Lines;
pub(super) use table::of_cells;
pub(crate) use table::{NO_HEADER, with_points_and_commas};
pub use whole::read_written;
pub(super) use whole::{blank, blank_lines, read_filled, read_lines, read_text, write_whole};
