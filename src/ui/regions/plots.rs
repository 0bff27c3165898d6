//! The plots: the current run over its ghosts, composed by `figure` and drawn by `paint`.

use eframe::egui::containers::scroll_area::{ScrollArea, ScrollSource};
use eframe::egui::{Rect, Ui};

use crate::figure::Options;
use crate::paint::{PlotView, screen};
use crate::ui::appearance::Appearance;
use crate::ui::session::{Session, plotted_runs};
use crate::ui::widgets::fit_contents;

use super::room;

/// Draws all runs of the session into the remaining space; returns the part of it below the plot
/// that leads.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    session: &Session,
    view: &mut PlotView,
    appearance: &Appearance,
    is_smallest_shown: bool,
) -> Rect {
    let options = Options {
        panels: appearance.plots().all(),
        axis: view.axis(),
        visible: view.visible(),
        fit_to: view.fit_to(),
        is_smallest_shown,
        choices: view.choices.clone(),
        hovered: view.hovered(),
        ..Options::default()
    };
    let figure = plotted_runs::figure(session, &options);
    let space = ui.available_rect_before_wrap();
    let share = if appearance.is_present() { room::PRESENT_SHARE } else { room::DESK_SHARE };
    view.room.is_axis_bare = appearance.is_present();
    view.room.lead_height = share * ui.ctx().content_rect().height() + 1.0;
    // In a small window the plots scroll by scroll bar only, as the wheel zooms them.
    let area = ScrollArea::both().scroll_source(ScrollSource::SCROLL_BAR).auto_shrink(false);
    let shown = area.show(ui, |ui| {
        let shown = screen::show(ui, &figure, view);
        fit_contents::follow_focus(ui);
        shown
    });
    let middle = space.center().y;
    let top = shown.inner.lead_bottom.unwrap_or(middle).clamp(space.top(), middle);
    space.with_min_y(top)
}
