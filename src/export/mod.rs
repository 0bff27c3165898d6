//! Runs as bytes that other programs read.
//! Knows no file and no window.

pub mod csv;

pub use csv::{Named, csv, csv_many};
