//! The controls of what an update rule reads while a run goes on: momentum, averages, decay.
//! Does not know how a control looks.

use eframe::egui::Ui;

use super::{Panel, fold};
use crate::config::Rule;

impl Panel<'_> {
    /// The constants that the rule in force reads; weight decay in a fold of its own.
    pub(super) fn optimizer(&mut self, ui: &mut Ui) {
        let rule = self.config.optimizer.rule;
        ui.add_enabled_ui(rule.has_momentum(), |ui| self.row(ui, "live.momentum"))
            .response
            .on_disabled_hover_text(format!("{rule} has no momentum."));
        if rule.is_adaptive() {
            self.row(ui, "live.beta2");
            self.row(ui, "live.epsilon");
        }
        if rule.can_freeze() {
            self.row(ui, "live.freeze");
        }
        if rule == Rule::Sam {
            self.row(ui, "live.radius");
        }
        fold(ui, "Decay", |ui| {
            self.row(ui, "live.weight_decay");
            if rule == Rule::Adamw {
                ui.weak("AdamW's decay is decoupled.");
            } else {
                self.row(ui, "live.decay");
            }
        });
    }
}
