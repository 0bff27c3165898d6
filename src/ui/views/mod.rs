//! Views: windows over the plots, and the list of all that can be opened, dialogs included.
//!
//! A view declares itself in its own file and gets a line in [`ALL`]; its key, its entry in the menu
//! and how it opens and closes follow from there. Views read histories and return requests; none knows
//! another, nor the panels.

mod compare;
mod key_list;
mod network;
mod open_views;
pub(in crate::ui) mod weight_tuning;
pub(in crate::ui) mod rate_search;
mod trial_curves;
pub(in crate::ui) mod trials_view;

pub(in crate::ui) use self::compare::VIEW as COMPARE;
pub(in crate::ui) use self::open_views::OpenViews;

use crate::ui::dialogs::{export, save_preset};
use crate::ui::view_info::ViewInfo;

/// Every view; in this order they are listed among the keys and in the menu.
pub(in crate::ui) static ALL: &[&ViewInfo] = &[
    &export::VIEW,
    &save_preset::VIEW,
    &compare::VIEW,
    &rate_search::VIEW,
    &trials_view::VIEW,
    &network::VIEW,
    &weight_tuning::VIEW,
    &key_list::VIEW,
];
