//! The plots: the current run over its ghosts, composed by `figure` and drawn by `paint`.

use eframe::egui::Ui;
use eframe::egui::containers::scroll_area::{ScrollArea, ScrollSource};

use crate::figure::Options;
use crate::paint::{PlotView, screen};
use crate::ui::appearance::Appearance;
use crate::ui::session::{Session, plotted_runs};
use crate::ui::widgets::fit_contents;

/// Draws all runs of the session into the remaining space.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    session: &Session,
    view: &mut PlotView,
    appearance: &Appearance,
    is_smallest_shown: bool,
) {
    let options = Options {
        panels: appearance.shown(),
        axis: view.axis(),
        visible: view.visible(),
        is_smallest_shown,
        choices: view.choices.clone(),
        hovered: view.hovered(),
        ..Options::default()
    };
    let figure = plotted_runs::figure(session, &options);
    // In a small window the plots scroll by scroll bar only, as the wheel zooms them.
    ScrollArea::both().scroll_source(ScrollSource::SCROLL_BAR).auto_shrink(false).show(ui, |ui| {
        let least = screen::least_height(ui, &figure, &view.tiles);
        ui.set_min_height(least.max(ui.available_height()));
        screen::show(ui, &figure, view);
        fit_contents::follow_focus(ui);
    });
}
