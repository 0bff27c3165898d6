//! The list of ghost runs above the plots, with buttons to remove and compare them.

use eframe::egui::{RichText, Ui};

use crate::figure::ghost_styles;
use crate::history::Run;
use crate::paint::ghost_sample;
use crate::ui::action::WindowAction;
use crate::ui::session::plotted_runs::ghost_name;
use crate::ui::session::{Request, Session};
use crate::ui::views;

/// Draws the list if there are ghosts; returns a request and a window action.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    session: &Session,
) -> (Option<Request>, Option<WindowAction>) {
    let (mut request, mut action) = (None, None);
    if session.ghosts().is_empty() {
        return (request, action);
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Ghosts").strong())
            .on_hover_text("Former runs, in muted colours on the plots.");
        let places = ghost_styles(session.ghosts().iter().map(Run::id));
        for (ghost, place) in session.ghosts().iter().zip(places) {
            ghost_sample(ui, place);
            let name = ghost_name(ghost, session.current());
            ui.label(&name);
            let remove = ui.small_button("×").on_hover_text("Remove this run from the plots.");
            if remove.accessible_name(format!("Remove {name}")).clicked() {
                request = Some(Request::RemoveGhost(ghost.id()));
            }
        }
        let table = ui.button("Compare").on_hover_text("A table of the settings that differ.");
        if table.clicked() {
            action = Some(WindowAction::Toggle(&views::COMPARE));
        }
        if ui.button("Clear ghosts").clicked() {
            request = Some(Request::RemoveAllGhosts);
        }
    });
    (request, action)
}
