//! The results table of a study: its rows, their CSV, and the numbers computed from each run.

mod columns;
mod results;
mod run_numbers;
mod zero_output;

pub use columns::{COLUMNS, Column, column};
pub(in crate::study) use results::is_column;
pub use results::{Row, RowStatus, Table};
pub use zero_output::zero_output_loss;
