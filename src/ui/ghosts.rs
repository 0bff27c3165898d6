//! The runs on the plots by name: the current one and its ghosts, each with a way to remove it.
//! Does not draw the curves.

use eframe::egui::{RichText, Ui};

use crate::figure::{ghost_name, ghost_places};
use crate::history::Run;
use crate::paint::ghost_sample;

use super::compare::Compare;
use super::session::Session;
use super::wish::Wish;

/// Draws the list if there are ghosts; returns what the person wants.
pub(super) fn show(ui: &mut Ui, session: &Session, compare: &mut Compare) -> Option<Wish> {
    if session.ghosts().is_empty() {
        return None;
    }
    let mut wish = None;
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Ghosts").strong())
            .on_hover_text("Former runs, in muted colours on the plots.");
        let places = ghost_places(session.ghosts().iter().map(Run::id));
        for (ghost, place) in session.ghosts().iter().zip(places) {
            ghost_sample(ui, place);
            let name = name(ghost, session.current());
            ui.label(&name);
            let remove = ui.small_button("×").on_hover_text("Take this run off the plots.");
            if remove.accessible_name(format!("Remove {name}")).clicked() {
                wish = Some(Wish::Forget(ghost.id()));
            }
        }
        let table = ui.button("Compare").on_hover_text("A table of the settings that differ.");
        if table.clicked() {
            compare.toggle();
        }
        if ui.button("Clear ghosts").clicked() {
            wish = Some(Wish::ForgetAll);
        }
    });
    wish
}

/// A ghost told by its number and by what sets it apart from the current run.
pub(super) fn name(ghost: &Run, current: &Run) -> String {
    ghost_name(&format!("run {}", ghost.id().0), ghost, current)
}
