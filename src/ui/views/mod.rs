//! Views: windows over the plots, and the list of all of them, dialogs included.
//!
//! A view is declared in its own file and listed in [`ALL`]; its key, menu entry, opening and closing
//! follow from the declaration. Views read histories and return requests; none draws another view or a
//! panel.

mod compare;
mod first_steps;
mod glossary_view;
mod key_list;
mod network;
mod open_views;
mod phase_diagram;
mod rate_axis;
mod rate_card;
mod rescue_charts;
mod run_drawer;
pub(in crate::ui) mod search_view;
mod table_copy;
mod trial_curves;
pub(in crate::ui) mod trials_view;
pub(in crate::ui) mod weight_tuning;

pub(in crate::ui) use self::first_steps::VIEW as FIRST_STEPS;
pub(in crate::ui) use self::open_views::OpenViews;
pub(in crate::ui) use self::rate_card::VIEW as WHICH_RATE;
pub(in crate::ui) use self::run_drawer::VIEW as RUN_DRAWER;

use crate::ui::dialogs::{export_dialog, open_dialog, save_preset};
use crate::ui::view_info::ViewInfo;

/// All views, in the order of the View menu and the list of keys.
pub(in crate::ui) static ALL: &[&ViewInfo] = &[
    &export_dialog::VIEW,
    &save_preset::VIEW,
    &open_dialog::VIEW,
    &run_drawer::VIEW,
    &compare::VIEW,
    &rate_card::VIEW,
    &search_view::VIEW,
    &trials_view::VIEW,
    &rescue_charts::VIEW,
    &phase_diagram::VIEW,
    &network::VIEW,
    &weight_tuning::VIEW,
    &key_list::VIEW,
    &glossary_view::VIEW,
    &first_steps::VIEW,
];
