//! Controls that restart the run: initialization, task, network, optimizer.

use eframe::egui::{Align, Layout, Ui};

use crate::config::Section;
use crate::paint::theme;
use crate::ui::session::Request;

use super::control_panel::{Panel, heading};

impl Panel<'_> {
    pub(in crate::ui) fn restart(&mut self, ui: &mut Ui) {
        let orange = theme::colours(ui.visuals()).orange;
        heading(
            ui,
            "↺",
            orange,
            "Restarts the run",
            "These start a new run from the same seed; the former run stays as a ghost.",
        );
        self.section(ui, Section::Initialization);
        self.section(ui, Section::Run);
        ui.separator();
        self.section(ui, Section::Task);
        self.section(ui, Section::Loss);
        ui.separator();
        self.section(ui, Section::Network);
        ui.separator();
        self.section(ui, Section::Optimizer);
        self.section(ui, Section::Precision);
    }

    pub(in crate::ui) fn new_seed(&mut self, ui: &mut Ui) {
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
