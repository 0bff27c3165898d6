//! The button of the drawer of runs, with their number.

use eframe::egui::Ui;

use crate::ui::action::WindowAction;
use crate::ui::session::Session;
use crate::ui::views;

/// Draws the button; returns a window action.
pub(in crate::ui) fn show(ui: &mut Ui, session: &Session) -> Option<WindowAction> {
    let n = session.runs().former().len() + 1;
    let words = format!("Runs ({n})");
    let button = ui.button(words).on_hover_text("The drawer of runs, with their names (D).");
    button.clicked().then_some(WindowAction::Toggle(&views::RUN_DRAWER))
}
