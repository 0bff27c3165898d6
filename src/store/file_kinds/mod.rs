//! Reading and writing of whole text files, files that grow by lines, and CSV tables, with each
//! failure as a sentence.
//! Does not know what the files are for.

mod csv_table;
mod json;
mod line_file;
mod whole_file;

pub(super) use csv_table::csv_lines;
pub(crate) use csv_table::{NO_HEADER, standard_csv};
pub(super) use json::plain_problem;
pub(super) use line_file::LineFile;
pub use whole_file::read_user_text;
pub(super) use whole_file::{
    Lines, blank, blank_lines, complete_lines, read_lines, read_nonblank, read_text, refuse_device,
    set_aside, write_atomically,
};
