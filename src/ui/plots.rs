//! The plots of the window: the current run over its ghosts, as a figure that the paint room draws.
//! Does not know how a curve is composed or painted.

use eframe::egui::Ui;
use eframe::egui::containers::scroll_area::{ScrollArea, ScrollSource};

use crate::figure::{Figure, Options, Shown, compose, title};
use crate::paint::{PlotView, screen};

use super::desk::Desk;
use super::ghosts;
use super::room;
use super::session::Session;

/// Draws all runs of the session into the space that is left.
pub(super) fn show(
    ui: &mut Ui,
    session: &Session,
    view: &mut PlotView,
    (desk, is_smallest_shown): (&Desk, bool),
) {
    let options = Options {
        axis: view.axis(),
        visible: view.visible(),
        is_smallest_shown,
        choices: view.choices.clone(),
        hovered: view.hovered(),
        ..Options::default()
    };
    let mut figure = figure(session, &options);
    figure.panels.retain(|panel| desk.is_shown(panel.kind));
    // Where the window is too small for all of them, the plots scroll; the wheel is theirs.
    ScrollArea::both().scroll_source(ScrollSource::SCROLL_BAR).auto_shrink(false).show(ui, |ui| {
        let least = screen::least_height(ui, &figure, &view.tiles);
        ui.set_min_height(least.max(ui.available_height()));
        screen::show(ui, &figure, view);
        room::follow_focus(ui);
    });
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
    shown.push(Shown { run: current, is_ghost: false, name: title(current, &[]) });
    shown
}
