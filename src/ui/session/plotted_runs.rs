//! The runs of the session with names, in drawing order, for plots and exports.

use crate::figure::{self, Figure, Options, PlottedRun, compose, name_seed_groups, title};
use crate::history::Run;

use super::session_state::Session;

/// Composes the figure of all runs.
pub(in crate::ui) fn figure(session: &Session, options: &Options) -> Figure {
    let mut shown = runs(session);
    if options.choices.is_over_seeds {
        name_seed_groups(&mut shown, label);
    }
    compose(&shown, options)
}

/// All runs with names, ghosts first.
pub(in crate::ui) fn runs(session: &Session) -> Vec<PlottedRun<'_>> {
    let current = session.current();
    let mut shown: Vec<_> = session
        .ghosts()
        .iter()
        .map(|run| PlottedRun { run, is_ghost: true, name: ghost_name(run, current) })
        .collect();
    shown.push(PlottedRun { run: current, is_ghost: false, name: title(current, &[]) });
    shown
}

/// Name of a ghost: its number, and its differences from the current run.
pub(in crate::ui) fn ghost_name(ghost: &Run, current: &Run) -> String {
    figure::ghost_name(&label(ghost), ghost, current)
}

fn label(run: &Run) -> String {
    format!("run {}", run.id().0)
}
