//! The list of ghost runs, with buttons to remove and compare them.

use eframe::egui::containers::menu::{MenuButton, MenuConfig, SubMenuButton, is_in_menu};
use eframe::egui::{PopupCloseBehavior, Ui};

use crate::figure::ghost_styles;
use crate::history::Run;
use crate::paint::ghost_sample;
use crate::ui::action::WindowAction;
use crate::ui::session::plotted_runs::ghost_name;
use crate::ui::session::{Request, Session};
use crate::ui::views;

/// Draws the button of the list if there are ghosts; returns a request and a window action.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    session: &Session,
) -> (Option<Request>, Option<WindowAction>) {
    let (mut request, mut action) = (None, None);
    if session.ghosts().is_empty() {
        return (request, action);
    }
    let contents = |ui: &mut Ui| {
        let places = ghost_styles(session.ghosts().iter().map(Run::id));
        for (ghost, place) in session.ghosts().iter().zip(places) {
            ui.horizontal(|ui| {
                ghost_sample(ui, place);
                let name = ghost_name(ghost, session.current());
                ui.label(&name);
                let remove = ui.small_button("×").on_hover_text("Remove this run from the plots.");
                if remove.accessible_name(format!("Remove {name}")).clicked() {
                    request = Some(Request::RemoveGhost(ghost.id()));
                }
            });
        }
        ui.separator();
        let table = ui.button("Compare").on_hover_text("A table of the settings that differ.");
        if table.clicked() {
            action = Some(WindowAction::Toggle(&views::COMPARE));
            ui.close();
        }
        if ui.button("Clear ghosts").clicked() {
            request = Some(Request::RemoveAllGhosts);
            ui.close();
        }
    };
    let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let words = format!("Ghosts ({})", session.ghosts().len());
    let response = if is_in_menu(ui) {
        SubMenuButton::new(words).config(config).ui(ui, contents).0
    } else {
        MenuButton::new(words).config(config).ui(ui, contents).0
    };
    response.on_hover_text("Former runs, in muted colours on the plots.");
    (request, action)
}
