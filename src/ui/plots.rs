//! The plots of the window: the current run over its ghosts, as a figure that the paint room draws.
//! Does not know how a curve is composed or painted.

use eframe::egui::Ui;

use crate::figure::{Figure, Options, Shown, compose};
use crate::paint::{PlotView, screen};

use super::session::Session;
use super::{ghosts, naming};

/// Draws all runs of the session into the space that is left.
pub(super) fn show(ui: &mut Ui, session: &Session, view: &mut PlotView, is_smallest_shown: bool) {
    let options = Options {
        axis: view.axis(),
        visible: view.visible(),
        is_smallest_shown,
        ..Options::default()
    };
    screen::show(ui, &figure(session, &options), view);
}

/// The figure of all runs of the session, ghosts first.
pub(super) fn figure(session: &Session, options: &Options) -> Figure {
    compose(&shown(session), options)
}

/// All runs of the session with their names, ghosts first.
pub(super) fn shown(session: &Session) -> Vec<Shown<'_>> {
    let current = session.current();
    let mut shown: Vec<_> = session
        .ghosts()
        .iter()
        .map(|run| Shown { run, is_ghost: true, name: ghosts::name(run, current) })
        .collect();
    shown.push(Shown { run: current, is_ghost: false, name: naming::title(current) });
    shown
}
