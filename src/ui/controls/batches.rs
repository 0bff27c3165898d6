//! The controls of the measurement on fresh batches, which only mini-batch runs have.
//! Does not know how a control looks.

use eframe::egui::Ui;

use super::Panel;

impl Panel<'_> {
    /// How often batches are measured and how many; out of reach where a step sees all examples.
    pub(super) fn batches(&mut self, ui: &mut Ui) {
        let n_train = self.config.task.n_train;
        let is_mini_batch = self.config.optimizer.batch.size(n_train) < n_train;
        ui.add_enabled_ui(is_mini_batch, |ui| {
            self.row(ui, "live.probe.batches_every");
            self.row(ui, "live.probe.n_batches");
        })
        .response
        .on_disabled_hover_text(
            "A step sees all examples: there is one batch, and its curvature along its gradient is \
             measured anyway.",
        );
    }
}
