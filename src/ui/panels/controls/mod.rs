//! The left panel. Controls follow from the declarations of settings: a new setting needs nothing here,
//! and what belongs to no single setting stands in files of its own.

mod panel;
mod rates;
mod restart;

pub(in crate::ui) use self::panel::{Controls, Extent, show};
pub(in crate::ui) use self::rates::shown_for;
