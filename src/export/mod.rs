//! What an export contains: runs as CSV bytes for other programs, and the text with which any exported
//! file can repeat its runs; writes no file itself.

pub mod csv;
mod provenance;

pub use csv::{Named, commented, csv, csv_many};
pub use provenance::{
    CarriedRun, NamedRun, PNG_KEYWORD, Provenance, SVG_ELEMENT, SVG_NAMESPACE, VERSION,
    is_provenance, provenance, study_provenance,
};
