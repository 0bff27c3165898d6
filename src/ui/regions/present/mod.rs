//! Present: what is beside and over the plots when only they are shown. A strip of what one performs at
//! the left, and the bar and the status line at the edges while the pointer is there.

mod edge;
mod pinned_tile;
mod strip;
mod strip_height;

pub(in crate::ui) use self::edge::{Edge, show_at_edge};
pub(in crate::ui) use self::strip::{Strip, WIDTH};
pub(in crate::ui) use self::strip_height::{SENTENCE_ROWS, has_readout, margin};
