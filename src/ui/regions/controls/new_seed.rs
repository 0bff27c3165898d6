//! The button below the seed, which starts the run again from the next one.

use eframe::egui::{Align, Layout, Ui};

use crate::ui::session::Request;

use super::control_panel::Panel;

impl Panel<'_> {
    /// The button for the next seed.
    pub(super) fn new_seed(&mut self, ui: &mut Ui) {
        let button = |ui: &mut Ui| {
            ui.button("New seed")
                .on_hover_text("The next seed: other initial weights (N).")
                .clicked()
        };
        if ui.with_layout(Layout::top_down(Align::Max), button).inner {
            self.requests.push(Request::NewSeed);
        }
    }
}
