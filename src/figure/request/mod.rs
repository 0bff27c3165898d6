//! What a caller asks a picture to show.

mod choices;
mod options;
mod shown;

pub use choices::{Choices, SMOOTHINGS};
pub use options::Options;
pub use shown::Shown;
