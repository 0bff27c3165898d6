//! Panels and the figure they form: what a composed picture consists of, and the range of values
//! that each panel shows.

mod figure;
mod fit;
mod limits_out_of_range;
mod marks;
mod panel;
mod panel_declaration;
mod panel_kind;
mod quantity_panel;
mod spoken;

pub use figure::Figure;
pub use fit::{LimitsOut, OutOfRange};
pub use limits_out_of_range::LimitOutOfRange;
pub use marks::{ClippedRange, Mark};
pub use panel::{FitTo, Panel};
pub use panel_declaration::{DefaultScale, FittedRange, PanelDeclaration, Shown};
pub use panel_kind::PanelKind;
