//! The parts of a figure's layout: headers, flags, columns, and the arrangement that users change.

mod column;
mod column_frame;
pub(in crate::paint) mod flags;
mod flow;
mod ghost_entries;
pub(in crate::paint) mod header;
mod legend;
mod shares;
pub(in crate::paint) mod stack;
mod stage;
mod tiles;
mod view;

pub(in crate::paint) use column::PanelSlot;
pub(in crate::paint) use stack::Stack;
pub use stage::Stage;
pub use tiles::{Column, Side, Tiles};
pub use view::PlotView;
