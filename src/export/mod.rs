//! Exports runs as CSV bytes for other programs; writes no file itself.

pub mod csv;

pub use csv::{Named, csv, csv_many};
