//! The quantities that a run records: names, labels, and how each is read from a record and written
//! into one. Does not know how they are drawn.

mod declarations;
mod declare;
mod entry;
mod id;
mod record;

pub use declarations::*;
pub use id::{Family, Quantity};
pub use record::record;
