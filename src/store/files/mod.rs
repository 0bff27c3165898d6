//! Files as text and lines, with what can be wrong with them in words.
//! Knows no run and no study.

mod lines;
mod table;
mod whole;

pub(super) use lines::LineFile;
pub(super) use table::csv_lines;
pub(crate) use table::{NO_HEADER, standard_csv};
pub use whole::read_user_text;
pub(super) use whole::{blank, blank_lines, read_lines, read_nonblank, read_text, write_whole};
