//! Panels and the figure they form: what a composed picture consists of, and the range of values
//! that each panel shows.

mod breaks;
mod figure;
mod fit;
mod marks;
mod panel;
mod spoken;

pub use breaks::Break;
pub use figure::Figure;
pub use fit::Beyond;
pub use marks::{Mark, Stretch};
pub use panel::{Fitted, Panel, PanelKind};
