//! The parts of a figure's layout: headers, flags, columns, and the arrangement that users change.

mod column;
mod column_frame;
pub(in crate::paint) mod flags;
mod flow;
mod ghost_entries;
pub(in crate::paint) mod header;
mod lead_plot;
mod legend;
mod plot_gestures;
mod shares;
pub(in crate::paint) mod stack;
mod tiles;
mod view;

pub(in crate::paint) use column::PanelSlot;
pub use lead_plot::PlotRoom;
pub use plot_gestures::{PlotGesture, plot_gestures};
pub(in crate::paint) use stack::Stack;
pub use tiles::{Column, Side, Tiles};
pub use view::PlotView;
