//! Reading and writing of whole text files, files that grow by lines, and CSV tables, with each
//! failure as a sentence.
//! Does not know what the files are for.

mod json;
mod lines;
mod table;
mod text;

pub(super) use json::plain_problem;
pub(super) use lines::LineFile;
pub(super) use table::csv_lines;
pub(crate) use table::{NO_HEADER, standard_csv};
pub use text::read_user_text;
pub(super) use text::{
    Lines, blank, blank_lines, complete_lines, read_lines, read_nonblank, read_text,
    write_atomically,
};
