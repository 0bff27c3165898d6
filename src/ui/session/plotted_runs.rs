//! The runs of the session as plots, legend and exports show them: with names, ghosts first.
//! Does not know how a curve is composed or painted.

use crate::figure::{self, Figure, Options, Shown, compose, title};
use crate::history::Run;

use super::session_state::Session;

/// The figure of all runs of the session, ghosts first.
pub(in crate::ui) fn figure(session: &Session, options: &Options) -> Figure {
    compose(&runs(session), options)
}

/// All runs of the session with their names, ghosts first.
pub(in crate::ui) fn runs(session: &Session) -> Vec<Shown<'_>> {
    let current = session.current();
    let mut shown: Vec<_> = session
        .ghosts()
        .iter()
        .map(|run| Shown { run, is_ghost: true, name: ghost_name(run, current) })
        .collect();
    shown.push(Shown { run: current, is_ghost: false, name: title(current, &[]) });
    shown
}

/// Name of a ghost: its number and how it differs from the current run.
pub(in crate::ui) fn ghost_name(ghost: &Run, current: &Run) -> String {
    figure::ghost_name(&format!("run {}", ghost.id().0), ghost, current)
}
